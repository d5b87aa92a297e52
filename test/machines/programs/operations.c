/* A table of function pointers: two of this object, two of another. */
#include "dispatch.h"

operation *const operations[4] = { add, xor, scale, turn };

u64 add(u64 value, u64 operand)
{
	return value + operand;
}

u64 xor(u64 value, u64 operand)
{
	return value ^ operand;
}
