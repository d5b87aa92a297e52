#include "bpf.h"

static volatile int mixed_value = 1;

__noinline static int mixed_function(int x) {
  barrier();
  return x + mixed_value;
}

SEC("socket")
int mixed_a(void *ctx) {
  return mixed_function(1);
}
