# A switch through a jump table: the entries are byte offsets from the start of section socket.
        .section socket,"ax",@progbits
        .globl  jump_rb
        .p2align 3
        .type   jump_rb,@function
jump_rb:
        r3 = 7
        r1 &= 1
        r1 <<= 3
        r2 = BPF.JT.0.0 ll
        r2 += r1
        r2 = *(u64 *)(r2 + 0)
        .byte   0x0d, 0x02, 0, 0, 0, 0, 0, 0
.Lrb_0:
        r0 = 0
        exit
.Lrb_1:
        r0 = 1
        exit
        .size   jump_rb, . - jump_rb

        .section .jumptables,"",@progbits
        .globl  BPF.JT.0.0
        .p2align 3
        .type   BPF.JT.0.0,@object
BPF.JT.0.0:
        .quad   .Lrb_0
        .quad   .Lrb_1
        .size   BPF.JT.0.0, 16
