# A switch through a jump table: the entries are byte offsets from the start of section socket.
        .section socket,"ax",@progbits
        .globl  jump_b
        .p2align 3
        .type   jump_b,@function
jump_b:
        r3 = 7
        r3 = 8
        r1 &= 1
        r1 <<= 3
        r2 = BPF.JT.0.0 ll
        r2 += r1
        r2 = *(u64 *)(r2 + 0)
        .byte   0x0d, 0x02, 0, 0, 0, 0, 0, 0
.Lb_0:
        r0 = 0
        exit
.Lb_1:
        r0 = 1
        exit
        .size   jump_b, . - jump_b

        .section .jumptables,"",@progbits
        .globl  BPF.JT.0.0
        .p2align 3
        .type   BPF.JT.0.0,@object
BPF.JT.0.0:
        .quad   .Lb_0 - jump_b
        .quad   .Lb_1 - jump_b
        .quad   .Lb_0 - jump_b
        .size   BPF.JT.0.0, 24
