#include "bpf.h"

static volatile __u32 rela_cells[4] = {1, 2, 3, 4};
volatile void *rela_pointer_b = &rela_cells[3];

__noinline static int rela_first(int x) {
  barrier();
  return x;
}

__noinline static int rela_second(int x) {
  barrier();
  return rela_first(x) + 1;
}

__noinline int rela_public_b(int x) {
  return rela_second(x);
}

SEC("socket")
int rela_b(void *ctx) {
  return rela_second(rela_cells[2]) + rela_public_b(2) + bpf_loop(1, rela_first, 0, 0);
}
