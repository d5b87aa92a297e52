        .section build.notes,"e",@progbits
        .ascii  "for the linker only"
        .section socket,"ax",@progbits
        .globl  dropped_b
        .p2align 3
        .type   dropped_b,@function
dropped_b:
        r1 = dropped_value ll
        r0 = *(u32 *)(r1 + 0)
        exit
        .size   dropped_b, . - dropped_b
        .addrsig
        .addrsig_sym dropped_b
