        .section .note.fixture,"a",@note
        .p2align 2
        .long   8
        .long   4
        .long   1
        .asciz  "fixture"
        .ascii  "bbbb"
