#include "bpf.h"

__noinline static int calls_one(int x) {
  barrier();
  return x + 1;
}

__noinline static int calls_two(int x) {
  barrier();
  return calls_one(x) + 2;
}

extern int calls_global(int x);

SEC("socket")
int calls_a(void *ctx) {
  return calls_two(1) + calls_one(2) + calls_global(3);
}
