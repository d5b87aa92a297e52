# Assembly without BTF in a section of its own, and a variable in .data.
        .section nobtf.code,"ax",@progbits
        .globl  nobtf_function
        .p2align 3
        .type   nobtf_function,@function
nobtf_function:
        r0 = r1
        exit
        .size   nobtf_function, . - nobtf_function
        .data
        .globl  nobtf_value
        .p2align 2
        .type   nobtf_value,@object
nobtf_value:
        .long   5
        .size   nobtf_value, 4
