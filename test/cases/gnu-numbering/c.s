# What LLVM has no type for.
	.text
	.globl	gnu_numbering_offset
gnu_numbering_offset:
	ldxdw	%r1, [%r2+gnu_numbering_outside]
	exit
	.data
	.byte	gnu_numbering_outside
