#include "bpf.h"

int common_value __attribute__((aligned(32)));
__u64 common_only_b;
int common_before = 0;

SEC("socket")
int common_b(void *ctx) {
  return common_value + common_only_b + common_before;
}
