        .bss
        .byte   0
        .comm   grow,16,8
        .comm   grow_aligned,4,4
        .section socket,"ax",@progbits
        .globl  grow_b
        .p2align 3
        .type   grow_b,@function
grow_b:
        r1 = grow_aligned ll
        r0 = *(u32 *)(r1 + 0)
        exit
        .size   grow_b, . - grow_b
