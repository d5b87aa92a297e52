/* Pointers in constant data: to strings, to a table, and to the table of another object. */
#include "names.h"

static const u64 low[2] = { 3, 5 };
static const u64 high[2] = { 0x100000000, 0x7fffffffffffffff };

const struct name names[4] = {
	{ "alpha", 5, 2, low },
	{ "beta", 4, 3, high },
	{ "gamma ray", 9, 5, &low[1] },
	{ "delta", 5, 7, &high[1] },
};
