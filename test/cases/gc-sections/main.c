#include "bpf.h"

struct {
  __uint(type, MAP_ARRAY);
  __uint(max_entries, 1);
  __type(key, __u32);
  __type(value, __u64);
} gcs_used_map SEC(".maps");

extern int gcs_used(int x);
extern int gcs_counter;

static long gcs_each(__u32 index, void *ctx) {
  return gcs_counter > 3;
}

SEC("socket")
int gcs_program(void *ctx) {
  __u32 key = 0;
  bpf_loop(2, gcs_each, 0, 0);
  return gcs_used(1) + !bpf_map_lookup_elem(&gcs_used_map, &key);
}

char LICENSE[] SEC("license") = "GPL";
