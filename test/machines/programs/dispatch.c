/* Calls through the table, and through an address that code chooses. */
#include "dispatch.h"

u64 scale(u64 value, u64 operand)
{
	say_number(operand);
	return value * (operand | 1);
}

u64 turn(u64 value, u64 operand)
{
	return value << (operand & 31) | value >> (32 - (operand & 31));
}

u64 compute(struct request *request)
{
	u64 value = request->seed;
	operation *last = request->kind & 1 ? turn : add;

	for (u32 i = 0; i < (request->rounds & 15); i++)
		value = operations[request->kind >> (2 * i) & 3](value, request->words[i & 1]);
	return last(value, request->words[0]);
}
