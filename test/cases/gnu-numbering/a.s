# Assembled by GNU as 2.40: fields relocated against names defined here hold the names' values, too.
	.text
	.type	gnu_numbering_local, @function
gnu_numbering_local:
	mov	%r0, 1
	exit
	.size	gnu_numbering_local, . - gnu_numbering_local

	.globl	gnu_numbering_middle
	.type	gnu_numbering_middle, @function
gnu_numbering_middle:
	lddw	%r1, gnu_numbering_word
	lddw	%r1, gnu_numbering_word+4
	lddw	%r1, gnu_numbering_hidden
	lddw	%r1, gnu_numbering_other
	lddw	%r1, gnu_numbering_other+8
	mov	%r2, gnu_numbering_word
	call	gnu_numbering_middle
	call	gnu_numbering_last
	call	gnu_numbering_outside
	jeq	%r1, 0, gnu_numbering_last
	exit
	.size	gnu_numbering_middle, . - gnu_numbering_middle

	.globl	gnu_numbering_last
	.type	gnu_numbering_last, @function
gnu_numbering_last:
	exit
	.size	gnu_numbering_last, . - gnu_numbering_last

	.section	tc, "ax"
	.globl	gnu_numbering_program
	.type	gnu_numbering_program, @function
gnu_numbering_program:
	call	gnu_numbering_local
	call	gnu_numbering_last
	exit
	.size	gnu_numbering_program, . - gnu_numbering_program

	.data
	.p2align 3
	.quad	0
	.globl	gnu_numbering_word
	.type	gnu_numbering_word, @object
gnu_numbering_word:
	.quad	gnu_numbering_word
	.size	gnu_numbering_word, . - gnu_numbering_word
gnu_numbering_hidden:
	.quad	gnu_numbering_hidden
	.quad	gnu_numbering_other+16
	.quad	gnu_numbering_last
	.long	gnu_numbering_word+2
	.long	gnu_numbering_other
