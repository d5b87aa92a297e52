#pragma once
#include "program.h"

typedef u64 operation(u64 value, u64 operand);

extern operation *const operations[4] HIDDEN;
HIDDEN operation add, xor, scale, turn;
