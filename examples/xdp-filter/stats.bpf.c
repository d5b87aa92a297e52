// SPDX-License-Identifier: Apache-2.0
/* Counters by verdict, and a histogram of packet sizes. */
#include "filter.h"

struct verdict_counters_map verdict_counters SEC(".maps");

/* Only this file uses it, but a user reads it by name: definitions in .maps are global. */
struct {
  __uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
  __uint(max_entries, SIZE_CLASSES);
  __type(key, __u32);
  __type(value, struct counter);
} size_histogram SEC(".maps");

__u64 packets_seen;
__u32 last_flow_hash;

/* Calls with a verdict that exists, and with one that does not. Other files have statics of this name. */
static __u64 calls[2];

/* Upper bounds of the size classes, in bytes. */
static const volatile __u32 size_bounds[SIZE_CLASSES - 1] = {64, 128, 256, 512, 1024, 1518, 4096};

static __noinline __u32 size_class(__u32 length) {
  __u32 index;

  for (index = 0; index < SIZE_CLASSES - 1; index++) {
    if (length <= size_bounds[index]) break;
  }
  return index;
}

static __always_inline void add(struct counter *counter, __u32 length) {
  __sync_fetch_and_add(&counter->packets, 1);
  __sync_fetch_and_add(&counter->bytes, length);
}

__hidden int count_verdict(__u32 verdict, __u32 length) {
  struct counter *counter;
  __u32 index;

  packets_seen++;
  counter = bpf_map_lookup_elem(&verdict_counters, &verdict);
  calls[counter ? 0 : 1]++;
  if (!counter) return -1;
  add(counter, length);
  index = size_class(length);
  counter = bpf_map_lookup_elem(&size_histogram, &index);
  if (counter) add(counter, length);
  return 0;
}

BPF_LICENSE("GPL");
