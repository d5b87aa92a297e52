#include "program.h"

HIDDEN u64 shuffle(const u64 *from, u32 by);

u64 shuffle(const u64 *from, u32 by)
{
	u64 turned[4] = { 0 };
	u64 sum = 0;

	for (u32 i = 0; i < 4; i++)
		turned[(i + by) & 3] = from[i] ^ i;
	for (u32 i = 0; i < 4; i++)
		sum = sum * 5 + turned[(i ^ by) & 3];
	return sum;
}
