#include "bpf.h"

__noinline int alias_real(int x) {
  barrier();
  return x + 1;
}

extern int alias_weak(int x) __attribute__((weak, alias("alias_real")));
extern int alias_strong(int x) __attribute__((alias("alias_real")));

SEC("socket")
int alias_a(void *ctx) {
  return alias_real(1) + alias_weak(2) + alias_strong(3);
}
