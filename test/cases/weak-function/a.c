#include "bpf.h"

/* Calls among these statics are already resolved by the compiler, across the body that goes. */
__noinline static int weakfn_low(int x) {
  barrier();
  return x + 1;
}

static int weakfn_high(int x);

__noinline static int weakfn_before(int x) {
  barrier();
  return weakfn_high(x) + 2;
}

__weak __noinline int weakfn(int x) {
  return weakfn_low(x) * 10;
}

__noinline static int weakfn_high(int x) {
  barrier();
  return weakfn_low(x) - 3;
}

__noinline int weakfn_user(int x) {
  return weakfn(x) + weakfn_before(x) + weakfn_high(x);
}

SEC("socket")
int weakfn_entry_a(void *ctx) {
  return weakfn(1) + weakfn_user(2);
}
