#include "common.h"

struct hits_map hits SEC(".maps");

#ifndef COMMON
u64 last_value;
u32 slots[8] = {9};
#endif

static u32 seed = 11;
static const u32 factors[4] = {2, 3, 5, 7};

static NOINLINE u32 scale(u32 value) {
  seed += 4;
  return value * 11 + seed;
}

NOINLINE u32 store(u32 index, u64 value) {
  last_value = value;
  slots[index & 7] = scale(value);
  return slots[index & 7];
}

NOINLINE u32 recall(u32 index) {
  return slots[index & 7] * factors[index & 3];
}

/* BPF_FUNC_map_lookup_elem. Without optimisation GCC loads the number of a constant pointer, and refuses to call it. */
#if defined(__clang__) || defined(__OPTIMIZE__)
static void *(*const lookup)(void *map, const void *key) = (void *)1;
#else
extern void *lookup(void *map, const void *key) __attribute__((kernel_helper(1)));
#endif

NOINLINE u64 count(u32 operation) {
  u32 key = operation & 7;
  u64 *hit = lookup(&hits, &key);
  if (!hit) return 0;
  *hit += 1;
  return *hit;
}

NOINLINE u32 policy(u32 value) {
  return value * 2;
}
