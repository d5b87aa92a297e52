#include "big.h"

struct e64_map e64_values SEC(".maps");
enum e64_big e64_state = E64_LARGE;
enum e64_negative e64_depth = E64_LOW;

SEC("syscall")
int e64_set(void *ctx) {
  enum e64_big value = E64_TOP;
  __u32 key = 0;

  return bpf_map_update_elem(&e64_values, &key, &value, 0);
}
