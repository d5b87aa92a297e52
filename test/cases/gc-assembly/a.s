# Functions without sizes, control that passes from one into the next, bytes without a symbol.
	.section socket,"ax",@progbits
	.globl gca_program
gca_program:
	call gca_target
	r1 = gca_word ll
	exit

	.text
	.type gca_dead,@function
gca_dead:
	r0 = 1
	exit
	.type gca_target,@function
gca_target:
	r0 = 2
	if r1 == 0 goto gca_far
	.type gca_next,@function
gca_next:
	r0 = 3
	exit
	.type gca_alone,@function
gca_alone:
	r0 = 4
	exit
	.type gca_jumped,@function
gca_jumped:
	r0 = 5
gca_far:
	exit
	.globl gca_end
	.type gca_end,@function
gca_end:
	call gca_dead
	exit

	.data
	.quad 0x1122334455667788
	.type gca_word,@object
	.size gca_word,8
gca_word:
	.quad gca_pointed
	.type gca_gone,@object
	.size gca_gone,8
gca_gone:
	.quad gca_end
	.type gca_pointed,@object
	.size gca_pointed,8
gca_pointed:
	.quad 7
