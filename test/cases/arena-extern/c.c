#include "bpf.h"

__u32 __arena arena_other SEC(".addr_space.1") = 4;

SEC("socket")
int arena_c(void *ctx) {
  return arena_other;
}
