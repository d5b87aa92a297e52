# GCC 14 with two string tables and the numbering of LLVM: the call shows that fields hold addends alone.
	.text
	.type	gnu_new_a_first, @function
gnu_new_a_first:
	r0 = 1
	exit
	.size	gnu_new_a_first, . - gnu_new_a_first

	.globl	gnu_new_a_second
	.type	gnu_new_a_second, @function
gnu_new_a_second:
	r1 = gnu_new_a_array+8 ll
	call gnu_new_a_second
	exit
	.size	gnu_new_a_second, . - gnu_new_a_second

	.data
	.p2align 3
	.quad	0
	.globl	gnu_new_a_array
	.type	gnu_new_a_array, @object
gnu_new_a_array:
	.quad	1
	.quad	2
	.quad	gnu_new_a_array+16
	.size	gnu_new_a_array, 24
	.ident	"GCC: (GNU) 14.2.0"
