#include "bpf.h"

int multi_value = 1;

__noinline int multi_a(int x) {
  barrier();
  return x + 1;
}

__noinline int multi(int x) {
  return multi_a(x) + multi_value;
}

SEC("socket")
int multi_main_a(void *ctx) {
  return multi(2);
}
