#include "bpf.h"

__weak int alone_zero;
__weak int alone_value SEC(".data.alone") = 3;
__weak const int alone_limit SEC(".rodata") = 4;

__weak __noinline int alone_function(int x) {
  return x + 1;
}

SEC("socket")
int alone_a(void *ctx) {
  return alone_function(alone_zero) + alone_value + alone_limit;
}
