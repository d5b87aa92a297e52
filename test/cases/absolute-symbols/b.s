        .section socket,"ax",@progbits
        .globl  abs_user
        .p2align 3
        .type   abs_user,@function
abs_user:
        r0 = abs_limit ll
        exit
        .size   abs_user, . - abs_user
