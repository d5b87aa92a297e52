// SPDX-License-Identifier: Apache-2.0
/* A limit on packets a second, by source. */
#include "internal.h"

#define BUCKETS 256
#define NANOSECONDS 1000000000ULL

struct guard_bucket {
  __u64 second;
  __u32 packets;
  __u32 excess;
};

struct {
  __uint(type, BPF_MAP_TYPE_ARRAY);
  __uint(max_entries, BUCKETS);
  __type(key, __u32);
  __type(value, struct guard_bucket);
} guard_buckets SEC(".maps");

__u32 guard_burst = 4;

BPF_LICENSE("GPL");

__weak __noinline int guard_on_excess(__u32 source, __u32 length) {
  return source | length ? 1 : 0;
}

__noinline int guard_allow(__u32 source, __u32 length) {
  __u32 key = guard_hash(source) % BUCKETS;
  __u64 second = bpf_ktime_get_ns() / NANOSECONDS;
  struct guard_bucket *bucket = bpf_map_lookup_elem(&guard_buckets, &key);

  if (!bucket) return 1;
  if (bucket->second != second) {
    bucket->second = second;
    bucket->packets = 0;
  }
  if (++bucket->packets <= guard_burst) return 1;
  bucket->excess++;
  return !guard_on_excess(source, length);
}
