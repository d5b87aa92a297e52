#include "bpf.h"

__weak int firstweak_level = 1;
__weak const __u64 firstweak_limit SEC(".rodata") = 11;
int firstweak_own_a = 1;

__weak __noinline int firstweak(int x) {
  return x + 1;
}

SEC("socket")
int firstweak_entry_a(void *ctx) {
  return firstweak(firstweak_level) + firstweak_own_a + firstweak_limit;
}
