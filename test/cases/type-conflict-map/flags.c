#include "bpf.h"

struct conflict_inner {
  __uint(type, MAP_ARRAY);
  __uint(max_entries, 1);
  __type(key, __u32);
  __type(value, __u32);
};

struct conflict_map_def {
  __uint(type, MAP_HASH);
  __type(key, __u32);
  __type(value, __u64);
  __uint(max_entries, 16);
  __uint(map_flags, 0);
  __uint(numa_node, 0);
  __uint(pinning, 0);
  __uint(map_extra, 0);
};

struct conflict_outer_def {
  __uint(type, MAP_ARRAY_OF_MAPS);
  __uint(max_entries, 1);
  __type(key, __u32);
  __array(values, struct conflict_inner);
};

extern struct conflict_map_def conflict_map SEC(".maps");
extern struct conflict_outer_def conflict_outer SEC(".maps");

SEC("socket")
int conflict_map_flags(void *ctx) {
  __u64 key = 0;
  return bpf_map_lookup_elem(&conflict_map, &key) == bpf_map_lookup_elem(&conflict_outer, &key);
}
