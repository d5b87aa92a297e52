# Neither a field nor a type shows what GCC 14 means; its release does.
	.text
	.type	gnu_new_b_first, @function
gnu_new_b_first:
	r0 = 1
	exit
	.size	gnu_new_b_first, . - gnu_new_b_first

	.globl	gnu_new_b_second
	.type	gnu_new_b_second, @function
gnu_new_b_second:
	r1 = gnu_new_b_array+8 ll
	exit
	.size	gnu_new_b_second, . - gnu_new_b_second

	.data
	.p2align 3
	.quad	0
	.globl	gnu_new_b_array
	.type	gnu_new_b_array, @object
gnu_new_b_array:
	.quad	1
	.quad	2
	.quad	3
	.size	gnu_new_b_array, 24
	.ident	"GCC: (GNU) 14.2.0"
