/* Calls into two other objects, a frame whose address a callee gets, all of it computation. */
#include "digest.h"

u64 compute(struct request *request)
{
	u64 lanes[2] = { request->words[0], request->words[1] };
	u64 value = request->seed;

	for (u32 i = 0; i < 16; i++) {
		if (i >= (request->rounds & 15))
			break;
		value = mix(value, lanes[i & 1], i);
		lanes[i & 1] ^= value;
	}
	value ^= hash_word(request->kind);
	if ((long long)value < 0)
		value = value / 1000003 + value % 0x1234567;
	return fold(lanes, value) + words[request->kind & 7][0];
}
