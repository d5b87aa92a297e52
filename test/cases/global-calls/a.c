#include "bpf.h"

extern int global_b(int x);

__noinline int global_a(int x) {
  return x + 1;
}

__noinline int global_both(int x) {
  return global_a(x) + global_b(x);
}

SEC("socket")
int global_entry(void *ctx) {
  return global_both(1);
}
