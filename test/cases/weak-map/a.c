#include "bpf.h"

struct {
  __uint(type, MAP_HASH);
  __uint(max_entries, 16);
  __type(key, __u32);
  __type(value, __u64);
} weakmap_first SEC(".maps");

struct {
  __uint(type, MAP_ARRAY);
  __uint(max_entries, 4);
  __type(key, __u32);
  __type(value, __u64);
} weakmap SEC(".maps") __weak;

struct {
  __uint(type, MAP_HASH);
  __uint(max_entries, 32);
  __type(key, __u32);
  __type(value, __u32);
} weakmap_last SEC(".maps");

SEC("socket")
int weakmap_a(void *ctx) {
  __u32 key = 0;
  return bpf_map_lookup_elem(&weakmap_first, &key) == bpf_map_lookup_elem(&weakmap, &key) ||
         bpf_map_lookup_elem(&weakmap_last, &key);
}
