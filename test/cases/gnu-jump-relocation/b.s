# The goto's offset is left to the linker: crafted into an R_BPF_GNU_64_16 relocation against gnu16_target_b.
        .text
        .globl  gnu16_b
        .p2align 3
        .type   gnu16_b,@function
gnu16_b:
        goto    -1
        r0 = 1
        exit
        .size   gnu16_b, . - gnu16_b
        .type   gnu16_target_b,@function
gnu16_target_b:
        r0 = 2
        exit
        .size   gnu16_target_b, . - gnu16_target_b
        .quad   0
