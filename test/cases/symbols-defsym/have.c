#include "bpf.h"

int defs_pair[2] = {3, 4};
int defs_end = 5;

__noinline int defs_real(int x) {
  barrier();
  return x + defs_pair[0];
}

__noinline int defs_other(int x) {
  barrier();
  return x + defs_end;
}

SEC("socket")
int defs_main(void *ctx) {
  return defs_real(1) + defs_other(2);
}
