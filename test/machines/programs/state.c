/* Variables in .data and .bss that two objects write. */
#include "state.h"

u64 total = 0x1122334455667788;

u64 compute(struct request *request)
{
	for (u32 i = 0; i < 16; i++) {
		if (i >= (request->rounds & 15))
			break;
		count(request->kind + i * 3);
		total += request->words[i & 1];
	}
	return total ^ counted(request->kind) ^ calls;
}
