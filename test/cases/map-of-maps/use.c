#include "mm.h"

SEC("syscall")
int mm_read(void *ctx) {
  __u32 key = 2, slot = 1, absent = 1;
  __u64 *value;
  void *inner;
  int sum = 0;

  inner = bpf_map_lookup_elem(&mm_table, &key);
  if (!inner) return -1;
  value = bpf_map_lookup_elem(inner, &slot);
  if (!value) return -2;
  sum = *value;
  if (!bpf_map_lookup_elem(&mm_table, &absent)) sum += 10;
  if (bpf_map_lookup_elem(&mm_names, &absent)) sum += 1;
  return sum;
}

char mm_license[] SEC("license") = "GPL";
