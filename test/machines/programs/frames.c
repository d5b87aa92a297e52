/* A frame in the caller and a frame in what it calls, each with an array that the code indexes. */
#include "program.h"

HIDDEN u64 shuffle(const u64 *from, u32 by);

u64 compute(struct request *request)
{
	u64 own[4] = { request->seed, request->words[0], request->words[1], 0x5555555555555555 };
	u64 sum = 0;

	for (u32 i = 0; i < 4; i++) {
		own[i & 3] += shuffle(own, request->kind + i);
		sum = sum * 3 + own[(request->kind + i) & 3];
	}
	return sum;
}
