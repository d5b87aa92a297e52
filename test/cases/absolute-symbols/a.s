        .globl  abs_limit
        .set    abs_limit, 4096
        .set    abs_local, 7
        .data
        .quad   abs_local
