/* Nothing but registers and calls: instructions that every version of sbpf takes as they are. */
#include "program.h"

HIDDEN u64 advance(u64 value, u64 salt);

u64 compute(struct request *request)
{
	u64 value = advance(0x1234, 5);

	value = advance(value, value >> 3);
	return advance(value, 9) ^ 0x5555;
}
