/* A table of 64-bit numbers, 64-bit constants in code, and what is read through a pointer into the caller's frame. */
#include "digest.h"

static const u64 odds[8] = {
	0x9e3779b97f4a7c15, 0xbf58476d1ce4e5b9, 0x94d049bb133111eb, 0xd6e8feb86659fd93,
	0xc2b2ae3d27d4eb4f, 0x165667b19e3779f9, 0xff51afd7ed558ccd, 0xc4ceb9fe1a85ec53,
};

u64 mix(u64 value, u64 salt, u32 step)
{
	value ^= odds[step & 7];
	value *= 0xd1342543de82ef95;
	value ^= value >> 29;
	return value + (salt << (step & 31)) + 0x00000000ffffffff;
}

u64 fold(const u64 *lanes, u64 value)
{
	return (lanes[0] ^ 0x8000000000000000) + (lanes[1] * 31) + value;
}
