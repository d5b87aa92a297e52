# The same names, one writable and one marked to be retained.
        .section settings.cfg,"aw",@progbits
        .globl  flags_b
        .p2align 3
        .type   flags_b,@object
flags_b:
        .quad   0x2222222222222222
        .size   flags_b, 8
        .section flags.custom,"aR",@progbits
        .ascii  "kept"
