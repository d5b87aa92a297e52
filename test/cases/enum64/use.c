#include "big.h"

SEC("syscall")
int e64_get(void *ctx) {
  enum e64_big *value;
  __u32 key = 0;

  value = bpf_map_lookup_elem(&e64_values, &key);
  if (!value) return -1;
  return (*value == E64_TOP) + 2 * (e64_state == E64_LARGE) + 4 * (e64_depth == E64_LOW) +
         8 * (__builtin_preserve_enum_value(*(enum bpf_prog_type___local *)BPF_PROG_TYPE_XDP___local, 1) == 6);
}
