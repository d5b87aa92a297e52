        .data
        .globl  words_a
        .p2align 3
        .type   words_a,@object
words_a:
        .long   cell + 4
        .long   words_shared + 8
        .quad   cell
        .quad   words_a + 12
        .size   words_a, 24
        .type   cell,@object
cell:
        .quad   0x1111111111111111
        .size   cell, 8
