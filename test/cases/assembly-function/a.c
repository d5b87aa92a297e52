#include "bpf.h"

extern int asmfn(int x);

__noinline int asmfn_neighbour(int x) {
  return asmfn(x) + 1;
}

SEC("socket")
int asmfn_entry(void *ctx) {
  return asmfn_neighbour(1) + asmfn(2);
}
