#include "bpf.h"

int wrapd_limit = 3;

__noinline int wrapd_read(int x) {
  barrier();
  return x * 2;
}

/* A call of an object's own function is no reference to an undefined name. */
SEC("socket")
int wrapd_own(void *ctx) {
  return wrapd_read(1);
}
