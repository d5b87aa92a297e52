        .section .data.mix,"aw",@nobits
        .globl  mix_zero
        .p2align 3
        .type   mix_zero,@object
mix_zero:
        .zero   12
        .size   mix_zero, 12
