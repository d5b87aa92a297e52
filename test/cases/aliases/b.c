#include "bpf.h"

extern int alias_strong(int x);

__noinline int alias_weak(int x) {
  barrier();
  return x - 1;
}

SEC("socket")
int alias_b(void *ctx) {
  return alias_weak(1) + alias_strong(2);
}
