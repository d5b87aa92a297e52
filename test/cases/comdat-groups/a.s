# Both objects carry comdat_helper; the caller differs.
        .section .text.comdat_helper,"axG",@progbits,comdat_helper,comdat
        .weak   comdat_helper
        .p2align 3
        .type   comdat_helper,@function
comdat_helper:
        r0 = 1
        exit
        .size   comdat_helper, . - comdat_helper

        .section .data.comdat_helper,"awG",@progbits,comdat_helper,comdat
        .weak   comdat_state
        .p2align 3
        .type   comdat_state,@object
comdat_state:
        .quad   1
        .size   comdat_state, 8

        .section socket,"ax",@progbits
        .globl  comdat_a
        .p2align 3
        .type   comdat_a,@function
comdat_a:
        call    comdat_helper
        r1 = comdat_state ll
        r1 = *(u64 *)(r1 + 0)
        exit
        .size   comdat_a, . - comdat_a
