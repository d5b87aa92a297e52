#include "program.h"

HIDDEN u64 advance(u64 value, u64 salt);

u64 advance(u64 value, u64 salt)
{
	for (u32 i = 0; i < 7; i++) {
		value ^= value << 13;
		value ^= value >> 7;
		value += salt | 0x10001;
		if (value & 1)
			value ^= 0x7eadbeef;
	}
	return value;
}
