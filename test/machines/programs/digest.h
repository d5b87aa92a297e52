#pragma once
#include "program.h"

HIDDEN u64 mix(u64 value, u64 salt, u32 step);
HIDDEN u64 fold(const u64 *lanes, u64 value);
HIDDEN u64 hash_word(u32 kind);
extern const char words[8][8] HIDDEN;
