#include "bpf.h"

struct inner_def {
  __uint(type, MAP_ARRAY);
  __uint(max_entries, 1);
  __type(key, __u32);
  __type(value, __u32);
};

struct inner_def inner_first_b SEC(".maps"), inner_second_b SEC(".maps");

struct {
  __uint(type, MAP_ARRAY_OF_MAPS);
  __uint(max_entries, 2);
  __type(key, __u32);
  __array(values, struct inner_def);
} inner_outer_b SEC(".maps") = {.values = {&inner_second_b, &inner_first_b}};

SEC("socket")
int inner_tail_b(void *ctx) {
  return 0;
}

struct {
  __uint(type, MAP_PROG_ARRAY);
  __uint(max_entries, 2);
  __uint(key_size, sizeof(__u32));
  __array(values, int(void *));
} inner_jump_b SEC(".maps") = {.values = {[1] = inner_tail_b}};

SEC("socket")
int inner_b(void *ctx) {
  __u32 key = 0;
  return bpf_map_lookup_elem(&inner_outer_b, &key) == bpf_map_lookup_elem(&inner_jump_b, &key);
}
