# Both objects carry comdat_helper; the caller differs.
        .section .text.comdat_helper,"axG",@progbits,comdat_helper,comdat
        .weak   comdat_helper
        .p2align 3
        .type   comdat_helper,@function
comdat_helper:
        r0 = 2
        exit
        .size   comdat_helper, . - comdat_helper

        .section .data.comdat_helper,"awG",@progbits,comdat_helper,comdat
        .weak   comdat_state
        .p2align 3
        .type   comdat_state,@object
comdat_state:
        .quad   2
        .size   comdat_state, 8

        .section socket,"ax",@progbits
        .globl  comdat_b
        .p2align 3
        .type   comdat_b,@function
comdat_b:
        call    comdat_helper
        r1 = comdat_state ll
        r1 = *(u64 *)(r1 + 0)
        exit
        .size   comdat_b, . - comdat_b
