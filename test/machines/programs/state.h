#pragma once
#include "program.h"

extern u64 total HIDDEN;
extern u32 calls HIDDEN;
HIDDEN void count(u32 kind);
HIDDEN u64 counted(u32 kind);
