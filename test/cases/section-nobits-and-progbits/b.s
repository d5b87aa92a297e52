        .section .data.mix,"aw",@progbits
        .globl  mix_full
        .p2align 3
        .type   mix_full,@object
mix_full:
        .quad   0x0102030405060708
        .size   mix_full, 8
