        .section socket,"ax",@progbits
        .globl  vis_c
        .internal vis_c
        .p2align 3
        .type   vis_c,@function
vis_c:
        r1 = vis_default ll
        r0 = *(u32 *)(r1 + 0)
        exit
        .size   vis_c, . - vis_c
        .internal vis_default
