#pragma once
#include "sol.h"

/* What the program keeps in an account of its own. */
struct ledger {
	u64 balance;
	u64 entries;
	u8 last[8];
};

/* An operation on a ledger: by the first byte of the instruction's data. */
struct operation {
	const char *name;
	u64 (*apply)(struct ledger *ledger, u64 amount);
};

#define OPERATIONS 3
extern const struct operation operations[OPERATIONS] HIDDEN;
