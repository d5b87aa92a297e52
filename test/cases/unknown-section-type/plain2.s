        .section vendor.info,"",@0x60001234
        .ascii  "second"
