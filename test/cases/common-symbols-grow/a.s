        .comm   grow,4,4
        .comm   grow_aligned,8,32
        .section socket,"ax",@progbits
        .globl  grow_a
        .p2align 3
        .type   grow_a,@function
grow_a:
        r1 = grow ll
        r0 = *(u32 *)(r1 + 0)
        exit
        .size   grow_a, . - grow_a
