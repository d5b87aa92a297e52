#include "bpf.h"

struct {
  __uint(type, MAP_ARRAY);
  __uint(max_entries, 4);
  __type(key, __u32);
  __type(value, __u64);
} weakmap SEC(".maps");

SEC("socket")
int weakmap_b(void *ctx) {
  __u32 key = 1;
  return !bpf_map_lookup_elem(&weakmap, &key);
}
