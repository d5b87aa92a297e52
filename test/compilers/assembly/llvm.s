	.text
	.globl llvm_add
	.type llvm_add, @function
llvm_add:
	r2 = llvm_value ll
	r3 = *(u64 *)(r2 + 0)
	r3 += 1
	*(u64 *)(r2 + 0) = r3
	call gnu_add
	r2 = llvm_value ll
	r3 = *(u64 *)(r2 + 0)
	r0 += r3
	exit
	.size llvm_add, . - llvm_add

	.data
	.p2align 3
llvm_before:
	.quad 1
	.quad gnu_value
	.globl llvm_value
	.type llvm_value, @object
llvm_value:
	.quad 70
	.size llvm_value, 8
