// SPDX-License-Identifier: Apache-2.0
/* Counts packets and bytes by what became of them. */
#include "guard.h"

struct guard_outcome {
  __u64 packets;
  __u64 bytes;
};

struct {
  __uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
  __uint(max_entries, 2);
  __type(key, __u32);
  __type(value, struct guard_outcome);
} guard_outcomes SEC(".maps");

BPF_LICENSE("GPL");

__noinline int guard_report(__u32 dropped, __u32 length) {
  __u32 key = dropped ? 1 : 0;
  struct guard_outcome *outcome = bpf_map_lookup_elem(&guard_outcomes, &key);

  if (!outcome) return 0;
  outcome->packets++;
  outcome->bytes += length;
  return 1;
}
