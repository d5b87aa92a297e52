# A read-only settings.cfg and a plain custom section.
        .section settings.cfg,"a",@progbits
        .globl  flags_a
        .p2align 2
        .type   flags_a,@object
flags_a:
        .long   0x11111111
        .size   flags_a, 4
        .section flags.custom,"a",@progbits
        .ascii  "plain"
