#include "bpf.h"

__u64 __arena arena_before SEC(".addr_space.1") = 9;
__u64 __arena arena_counter SEC(".addr_space.1") = 1;

struct {
  __uint(type, MAP_ARENA);
  __uint(map_flags, 1 << 10);
  __uint(max_entries, 100);
} arena SEC(".maps");

SEC("socket")
int arena_b(void *ctx) {
  __u32 key = 0;
  bpf_map_lookup_elem(&arena, &key);
  return arena_counter + arena_before;
}
