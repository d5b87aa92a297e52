# A switch through a jump table: the entries are byte offsets from the start of section socket.
        .section socket,"ax",@progbits
        .globl  jump_a
        .p2align 3
        .type   jump_a,@function
jump_a:
        r1 &= 1
        r1 <<= 3
        r2 = BPF.JT.0.0 ll
        r2 += r1
        r2 = *(u64 *)(r2 + 0)
        .byte   0x0d, 0x02, 0, 0, 0, 0, 0, 0
.La_0:
        r0 = 0
        exit
.La_1:
        r0 = 1
        exit
        .size   jump_a, . - jump_a

        .section .jumptables,"",@progbits
        .globl  BPF.JT.0.0
        .p2align 3
        .type   BPF.JT.0.0,@object
BPF.JT.0.0:
        .quad   .La_0 - jump_a
        .quad   .La_1 - jump_a
        .size   BPF.JT.0.0, 16
