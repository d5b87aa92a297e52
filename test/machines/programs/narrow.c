/* 32-bit arithmetic whose results are used in 64 bits: as clang does from -mcpu=v3 on. */
#include "program.h"

u64 compute(struct request *request)
{
	u32 value = request->rounds * 0x9e3779b1u + request->kind;

	if (value > (u32)request->seed)
		value -= 0x12345678;
	return value + request->words[0];
}
