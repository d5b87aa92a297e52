        .section half.loaded,"a",@progbits
        .ascii  "from a"
