#include "bpf.h"

__noinline static int weakfn_low(int x) {
  barrier();
  return x - 1;
}

__noinline int weakfn(int x) {
  return weakfn_low(x) * 20;
}

SEC("socket")
int weakfn_entry_b(void *ctx) {
  return weakfn(3);
}
