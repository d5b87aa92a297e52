#include "bpf.h"

struct {
  __uint(type, MAP_ARRAY);
  __uint(max_entries, 4);
  __type(key, int);
  __type(value, int);
} lochid_map SEC(".maps");

int lochid_variable = 3;
int lochid_visible = 4;

__hidden __noinline int lochid_function(int x) {
  int *value = bpf_map_lookup_elem(&lochid_map, &x);
  return value ? *value : lochid_visible;
}

__attribute__((visibility("internal"))) __noinline int lochid_internal(int x) {
  barrier();
  return x + 1;
}

__hidden SEC("socket")
int lochid_program(void *ctx) {
  return 1;
}
