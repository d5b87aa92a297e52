#include "bpf.h"

struct {
  __uint(type, MAP_ARRAY);
  __uint(max_entries, 4);
  __type(key, int);
  __type(value, int);
} scope_map SEC(".maps");

int scope_state = 2;
int scope_counter;

__noinline int scope_helper(int x) {
  int key = x;
  int *value = bpf_map_lookup_elem(&scope_map, &key);
  scope_counter++;
  return value ? *value : scope_state;
}

__noinline int scope_get(int x) {
  return scope_helper(x) + 1;
}
