# A switch through a jump table: the entries are byte offsets from the start of section .text.
        .section .text,"ax",@progbits
jump_c_before:
        r0 = 9
        exit
        .globl  jump_c
        .p2align 3
        .type   jump_c,@function
jump_c:
        r1 &= 1
        r1 <<= 3
        r2 = BPF.JT.0.0 ll
        r2 += r1
        r2 = *(u64 *)(r2 + 0)
        .byte   0x0d, 0x02, 0, 0, 0, 0, 0, 0
.Lc_0:
        r0 = 0
        exit
.Lc_1:
        r0 = 1
        exit
        .size   jump_c, . - jump_c

        .section .jumptables,"",@progbits
        .globl  BPF.JT.0.0
        .p2align 3
        .type   BPF.JT.0.0,@object
BPF.JT.0.0:
        .quad   .Lc_1 - jump_c_before
        .quad   .Lc_0 - jump_c_before
        .size   BPF.JT.0.0, 16
