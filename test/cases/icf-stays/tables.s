# Two static functions of equal instructions, each with a jump table of its own, behind two that fold.
        .section .text,"ax",@progbits
        .p2align 3
        .type   icfs_before,@function
icfs_before:
        r0 = 9
        exit
        .size   icfs_before, . - icfs_before
        .type   icfs_before_too,@function
icfs_before_too:
        r0 = 9
        exit
        .size   icfs_before_too, . - icfs_before_too
        .type   icfs_switch,@function
icfs_switch:
        r1 &= 1
        r1 <<= 3
        r2 = BPF.JT.0.0 ll
        r2 += r1
        r2 = *(u64 *)(r2 + 0)
        .byte   0x0d, 0x02, 0, 0, 0, 0, 0, 0
.Lfirst_0:
        r0 = 0
        exit
.Lfirst_1:
        r0 = 1
        exit
        .size   icfs_switch, . - icfs_switch
        .type   icfs_unused_switch,@function
icfs_unused_switch:
        r1 &= 1
        r1 <<= 3
        r2 = BPF.JT.1.0 ll
        r2 += r1
        r2 = *(u64 *)(r2 + 0)
        .byte   0x0d, 0x02, 0, 0, 0, 0, 0, 0
.Lsecond_0:
        r0 = 0
        exit
.Lsecond_1:
        r0 = 1
        exit
        .size   icfs_unused_switch, . - icfs_unused_switch
        .type   icfs_switch_too,@function
icfs_switch_too:
        r1 &= 1
        r1 <<= 3
        r2 = BPF.JT.2.0 ll
        r2 += r1
        r2 = *(u64 *)(r2 + 0)
        .byte   0x0d, 0x02, 0, 0, 0, 0, 0, 0
.Lthird_0:
        r0 = 0
        exit
.Lthird_1:
        r0 = 1
        exit
        .size   icfs_switch_too, . - icfs_switch_too

        .section socket,"ax",@progbits
        .globl  icfs_switcher
        .p2align 3
        .type   icfs_switcher,@function
icfs_switcher:
        call    icfs_before
        r1 = r0
        call    icfs_before_too
        r1 = r0
        call    icfs_switch
        r1 = r0
        call    icfs_switch_too
        exit
        .size   icfs_switcher, . - icfs_switcher

        .section .jumptables,"",@progbits
        .globl  BPF.JT.0.0
        .globl  BPF.JT.1.0
        .globl  BPF.JT.2.0
        .p2align 3
        .type   BPF.JT.0.0,@object
BPF.JT.0.0:
        .quad   .Lfirst_1 - icfs_before
        .quad   .Lfirst_0 - icfs_before
        .size   BPF.JT.0.0, 16
        .type   BPF.JT.1.0,@object
BPF.JT.1.0:
        .quad   .Lsecond_1 - icfs_before
        .quad   .Lsecond_0 - icfs_before
        .size   BPF.JT.1.0, 16
        .type   BPF.JT.2.0,@object
BPF.JT.2.0:
        .quad   .Lthird_1 - icfs_before
        .quad   .Lthird_0 - icfs_before
        .size   BPF.JT.2.0, 16
