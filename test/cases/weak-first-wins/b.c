#include "bpf.h"

__weak int firstweak_level = 2;
__weak const __u64 firstweak_limit SEC(".rodata") = 22;
int firstweak_own_b = 2;

__weak __noinline int firstweak(int x) {
  return x + 2;
}

SEC("socket")
int firstweak_entry_b(void *ctx) {
  return firstweak(firstweak_level) + firstweak_own_b + firstweak_limit;
}
