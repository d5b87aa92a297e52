# GCC 13: the field holds the value of the symbol, which is 8, and no addend.
	.text
	.type	gnu_new_c_first, @function
gnu_new_c_first:
	r0 = 1
	exit
	.size	gnu_new_c_first, . - gnu_new_c_first

	.globl	gnu_new_c_second
	.type	gnu_new_c_second, @function
gnu_new_c_second:
	r1 = gnu_new_c_array+8 ll
	exit
	.size	gnu_new_c_second, . - gnu_new_c_second

	.data
	.p2align 3
	.quad	0
	.globl	gnu_new_c_array
	.type	gnu_new_c_array, @object
gnu_new_c_array:
	.quad	1
	.quad	2
	.quad	3
	.size	gnu_new_c_array, 24
	.ident	"GCC: (GNU) 13.2.0"
