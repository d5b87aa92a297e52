        .section vendor.info,"a",@0x60001234
        .ascii  "allocated"
