#include "bpf.h"

struct {
  __uint(type, MAP_HASH);
  __uint(max_entries, 8);
  __type(key, __u32);
  __type(value, __u64);
} single_map SEC(".maps");

static volatile int single_counter;
const volatile int single_limit = 10;

__noinline static int single_helper(int x) {
  return x < single_limit ? single_counter++ : 0;
}

SEC("xdp")
int single_entry(struct xdp_md *ctx) {
  __u32 key = single_helper(ctx->data);
  return !bpf_map_lookup_elem(&single_map, &key);
}

char single_license[] SEC("license") = "GPL";
