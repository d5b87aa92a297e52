#include "bpf.h"

static struct {
  __uint(type, MAP_ARRAY);
  __uint(max_entries, 1);
  __type(key, __u32);
  __type(value, __u64);
} samemap SEC(".maps");

SEC("socket")
int samemap_a(void *ctx) {
  __u32 key = 0;
  return !bpf_map_lookup_elem(&samemap, &key);
}
