        .text
        .globl  asmfn
        .p2align 3
        .type   asmfn,@function
asmfn:
        r0 = r1
        r0 += 40
        exit
        .size   asmfn, . - asmfn
        .p2align 3
        .type   asmfn_static,@function
asmfn_static:
        r0 = 7
        exit
        .size   asmfn_static, . - asmfn_static
