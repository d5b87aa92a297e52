#include "bpf.h"

struct big_nested {
  int first;
  int second;
} __preserve;

extern int big_function(int x);
extern __u64 big_value;
__weak int big_level = 3;
static volatile __u16 big_halves[2] = {0x0102, 0x0304};

struct {
  __uint(type, MAP_HASH);
  __uint(max_entries, 16);
  __type(key, __u32);
  __type(value, __u64);
} big_map SEC(".maps");

__noinline static int big_local(int x) {
  barrier();
  return x + 1;
}

SEC("socket")
int big_a(struct big_nested *nested) {
  __u32 key = 0;
  return big_function(nested->second) + big_value + big_level + big_local(big_halves[1]) +
         !bpf_map_lookup_elem(&big_map, &key);
}
