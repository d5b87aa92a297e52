        .section half.loaded,"",@progbits
        .ascii  "from b"
