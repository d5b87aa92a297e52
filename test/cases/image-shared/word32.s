# A word of 32 bits cannot hold an address that is known at run time.
	.data
	.globl word32
word32:
	.long word32
	.text
	.globl word32_function
	.type word32_function,@function
word32_function:
	exit
	.size word32_function, .-word32_function
