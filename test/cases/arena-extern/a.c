#include "bpf.h"

extern __u64 __arena arena_counter SEC(".addr_space.1");

SEC("socket")
int arena_a(void *ctx) {
  return arena_counter++;
}
