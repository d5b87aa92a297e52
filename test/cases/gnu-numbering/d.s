# Nothing says which assembler wrote this: the addend may be 8 or 0.
	.text
	.globl	gnu_numbering_doubtful
gnu_numbering_doubtful:
	lddw	%r1, gnu_numbering_array
	exit
	.data
	.p2align 3
	.quad	0
	.globl	gnu_numbering_array
	.type	gnu_numbering_array, @object
gnu_numbering_array:
	.quad	1, 2, 3
	.size	gnu_numbering_array, 24
