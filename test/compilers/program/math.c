#include "common.h"

static u32 seed = 5;

static NOINLINE u32 scale(u32 value) {
  seed += 2;
  return value * 7 + seed;
}

const u32 weights[8] = {1, 2, 4, 8, 16, 32, 64, 128};
u32 rounds = 2;

static NOINLINE u32 fold(u64 value, u32 by) {
  return ((value & 15) + (value >> 4 & 15) + (value >> 8 & 15)) * by;
}

NOINLINE u32 mix(const struct request *request) {
  /* Null only to the verifier. */
  if (!request) return 1;
  return fold(request->value, 3) + scale(request->index);
}

NOINLINE u32 weigh(u32 index) {
  return weights[index & 7] * rounds + scale(0);
}
