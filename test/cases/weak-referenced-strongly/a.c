#include "bpf.h"

__weak int strongref_value = 1;

__weak __noinline int strongref(int x) {
  barrier();
  return x + 1;
}

SEC("socket")
int strongref_a(void *ctx) {
  return strongref(strongref_value);
}
