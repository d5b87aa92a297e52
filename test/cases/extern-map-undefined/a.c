#include "bpf.h"

struct openmap_def {
  __uint(type, MAP_HASH);
  __uint(max_entries, 64);
  __type(key, __u32);
  __type(value, __u64);
};

extern struct openmap_def openmap SEC(".maps");

SEC("socket")
int openmap_a(void *ctx) {
  __u32 key = 1;
  return !bpf_map_lookup_elem(&openmap, &key);
}
