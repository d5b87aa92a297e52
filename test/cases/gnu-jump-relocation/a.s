# The goto's offset is left to the linker: crafted into an R_BPF_GNU_64_16 relocation against gnu16_target_a.
        .text
        .globl  gnu16_a
        .p2align 3
        .type   gnu16_a,@function
gnu16_a:
        goto    -1
        r0 = 1
        exit
        .size   gnu16_a, . - gnu16_a
        .type   gnu16_target_a,@function
gnu16_target_a:
        r0 = 2
        exit
        .size   gnu16_target_a, . - gnu16_target_a
        .quad   0
