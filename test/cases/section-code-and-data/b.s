        .section mixed,"aw",@progbits
        .globl  mixed_data
        .type   mixed_data,@object
mixed_data:
        .quad   1
        .size   mixed_data, 8
