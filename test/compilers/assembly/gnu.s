# Relocations against names that are defined here, away from the start of their sections.
	.text
	.type gnu_twice, @function
gnu_twice:
	mov	%r0, %r1
	add	%r0, %r1
	exit
	.size gnu_twice, . - gnu_twice

	.globl	gnu_add
	.type	gnu_add, @function
gnu_add:
	lddw	%r2, gnu_value
	ldxdw	%r3, [%r2+0]
	add	%r1, %r3
	jgt	%r1, 100, gnu_cap
	call	gnu_twice
	lddw	%r2, shared
	ldxdw	%r3, [%r2+0]
	add	%r0, %r3
	exit
	.globl	gnu_cap
gnu_cap:
	mov	%r0, 100
	exit
	.size	gnu_add, . - gnu_add

	.data
	.p2align 3
gnu_before:
	.quad	1
	.quad	gnu_before
	.quad	gnu_value+4
	.long	gnu_value
	.long	0
	.globl	gnu_value
	.type	gnu_value, @object
gnu_value:
	.quad	40
	.size	gnu_value, 8
