# No types: what a.c says of the function is all there is.
        .section .text,"ax",@progbits
        .globl  typedef_add
        .hidden typedef_add
        .type   typedef_add,@function
typedef_add:
        r0 = r1
        r0 *= 3
        r0 += r2
        exit
        .size   typedef_add, .-typedef_add
