/* 32-bit arithmetic whose results are used in 64 bits: as clang does from -mcpu=v3 on. */
#include "program.h"

u64 compute(struct request *request)
{
	u32 value = request->kind + request->rounds;

	if (value == (u32)request->seed)
		return 1;
	return value + request->words[0];
}
