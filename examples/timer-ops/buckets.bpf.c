// SPDX-License-Identifier: Apache-2.0
/* Counters in maps that another map holds. */
#include "ops.h"

struct bucket_map fast_bucket SEC(".maps");

/* Buckets 1 and 3 are left out: an add to them misses. */
struct buckets_map buckets SEC(".maps") = {
  .values = {
    [0] = &fast_bucket,
    [2] = &slow_bucket,
  },
};

__u64 bucket_misses;

/* Calls by bucket. Other files have statics of this name. */
static __u64 calls[BUCKETS];

static __noinline __u32 count_bucket(__u32 bucket) {
  __u32 index = bucket & (BUCKETS - 1);

  calls[index]++;
  return index;
}

int bucket_add(__u32 bucket, __u32 slot, __u64 amount) {
  void *inner;
  __u64 *sum;

  bucket = count_bucket(bucket);
  inner = bpf_map_lookup_elem(&buckets, &bucket);
  if (!inner) {
    bucket_misses++;
    return -1;
  }
  sum = bpf_map_lookup_elem(inner, &slot);
  if (!sum) return -2;
  __sync_fetch_and_add(sum, amount);
  return 0;
}

__u64 bucket_sum(__u32 bucket) {
  __u64 sum = 0;

  if (bucket == 0) bpf_for_each_map_elem(&fast_bucket, sum_slot, &sum, 0);
  if (bucket == 2) bpf_for_each_map_elem(&slow_bucket, sum_slot, &sum, 0);
  return sum;
}

BPF_LICENSE("GPL");
