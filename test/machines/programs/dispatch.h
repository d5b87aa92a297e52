#pragma once
#include "program.h"

typedef u64 operation(u64 value, u64 operand);

extern operation *const operations[4] HIDDEN;
HIDDEN u64 add(u64 value, u64 operand);
HIDDEN u64 xor(u64 value, u64 operand);
HIDDEN u64 scale(u64 value, u64 operand);
HIDDEN u64 turn(u64 value, u64 operand);
