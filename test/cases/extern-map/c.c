#include "bpf.h"

struct {
  __uint(type, MAP_ARRAY);
  __uint(max_entries, 2);
  __type(key, __u32);
  __type(value, __u8);
} externmap_third SEC(".maps");

SEC("socket")
int externmap_c(void *ctx) {
  __u32 key = 0;
  return !bpf_map_lookup_elem(&externmap_third, &key);
}
