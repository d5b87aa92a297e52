#include "bpf.h"

int shared_counter__1 = 5;

__noinline int shared_helper(int x) {
  barrier();
  return x + shared_counter__1;
}

SEC("socket")
int uniq_c(void *ctx) {
  return shared_helper(3);
}
