#include "bpf.h"

__weak int firstweak_level = 3;
__weak const __u64 firstweak_limit SEC(".rodata") = 33;
int firstweak_own_c = 3;

__weak __noinline int firstweak(int x) {
  return x + 3;
}

SEC("socket")
int firstweak_entry_c(void *ctx) {
  return firstweak(firstweak_level) + firstweak_own_c + firstweak_limit;
}
