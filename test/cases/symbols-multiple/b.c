#include "bpf.h"

int multi_value = 1;

__noinline int multi_b(int x) {
  barrier();
  return x + 1;
}

__noinline int multi(int x) {
  return multi_b(x) + multi_value;
}

SEC("socket")
int multi_main_b(void *ctx) {
  return multi(2);
}
