        .data
        .globl  words_b
        .p2align 3
        .type   words_b,@object
words_b:
        .long   cell + 4
        .long   words_shared + 8
        .quad   cell
        .quad   words_b + 12
        .size   words_b, 24
        .type   cell,@object
cell:
        .quad   0x1111111111111111
        .size   cell, 8
        .section .data.shared,"aw",@progbits
        .globl  words_shared
        .p2align 3
        .type   words_shared,@object
words_shared:
        .zero   16
        .size   words_shared, 16
