/* Strings: an array that others read, and a literal of this file. */
#include "digest.h"

const char words[8][8] = { "zero", "one", "two", "three", "four", "five", "six", "seven" };

static const char *prefix = "prefix of every word";

u64 hash_word(u32 kind)
{
	u64 hash = 0xcbf29ce484222325;

	for (u32 i = 0; i < 8; i++) {
		hash ^= (u8)words[kind & 7][i];
		hash *= 0x100000001b3;
	}
	for (u32 i = 0; i < 20; i++) {
		hash ^= (u8)prefix[i];
		hash *= 0x100000001b3;
	}
	return hash;
}
