#include "bpf.h"

struct {
  __uint(type, MAP_HASH);
  __uint(max_entries, 16);
  __type(key, __u32);
  __type(value, __u64);
} pointers_map_a SEC(".maps");

__noinline int pointers_first_a(int x) {
  return x + 1;
}

static long pointers_each(void *map, __u32 *key, __u64 *value, void *ctx) {
  *value += pointers_first_a(*key);
  return 0;
}

static long pointers_step(__u32 index, void *ctx) {
  return index > 3;
}

SEC("socket")
int pointers_a(void *ctx) {
  return bpf_for_each_map_elem(&pointers_map_a, pointers_each, 0, 0) +
         bpf_loop(10, pointers_step, 0, 0);
}
