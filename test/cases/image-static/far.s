	.section .rodata,"a",@progbits
	.globl	far_place
far_place:
	.quad	1
