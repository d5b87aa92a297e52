# A word of 32 bits that holds an address.
	.section .data,"aw",@progbits
	.globl	near_word
	.p2align 2
near_word:
	.long	far_place
	.text
	.globl near
	.type near,@function
near:
	r0 = 0
	exit
	.size near, .-near
