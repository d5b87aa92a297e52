#include "mm.h"

struct mm_outer mm_table SEC(".maps") = {.values = {[0] = &mm_second, [2] = &mm_first, [3] = &mm_third}};
struct mm_inner mm_third SEC(".maps");

SEC("syscall")
int mm_fill(void *ctx) {
  __u64 value = 700;
  __u32 key = 1;

  return bpf_map_update_elem(&mm_first, &key, &value, 0);
}

char mm_license[] SEC("license") = "GPL";
