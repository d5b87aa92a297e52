#include "bpf.h"

struct {
  __uint(type, MAP_ARRAY);
  __uint(max_entries, 1);
  __type(key, __u32);
  __type(value, __u32);
} externmap_other SEC(".maps");

struct externmap_def {
  __uint(type, MAP_HASH);
  __uint(max_entries, 64);
  __type(key, __u32);
  __type(value, __u64);
} externmap SEC(".maps");

SEC("socket")
int externmap_b(void *ctx) {
  __u32 key = 1;
  return bpf_map_lookup_elem(&externmap, &key) == bpf_map_lookup_elem(&externmap_other, &key);
}
