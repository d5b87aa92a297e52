#include "bpf.h"

struct {
  __uint(type, MAP_ARRAY);
  __uint(max_entries, 1);
  __type(key, __u32);
  __type(value, __u32);
} openmap_other SEC(".maps");

SEC("socket")
int openmap_b(void *ctx) {
  __u32 key = 1;
  return !bpf_map_lookup_elem(&openmap_other, &key);
}
