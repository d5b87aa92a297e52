// SPDX-License-Identifier: Apache-2.0
/* Spreads addresses over the buckets. */
#include "internal.h"

BPF_LICENSE("GPL");

__hidden __noinline __u32 guard_hash(__u32 source) {
  source ^= source >> 16;
  source *= 0x85ebca6b;
  return source ^ (source >> 13);
}
