#pragma once
#include "program.h"

struct name {
	const char *text;
	u32 length;
	u32 weight;
	const u64 *numbers;
};

extern const struct name names[4] HIDDEN;
HIDDEN u64 weigh(const struct name *name);
