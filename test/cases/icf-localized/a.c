#include "bpf.h"

__noinline int icfl_public(int x) {
  barrier();
  return x + 7;
}

__noinline __weak int icfl_weak(int x) {
  barrier();
  return x + 7;
}

__noinline __hidden int icfl_hidden(int x) {
  barrier();
  return x + 7;
}

__noinline static int icfl_static(int x) {
  barrier();
  return x + 7;
}

SEC("socket")
int icfl_a(void *ctx) {
  int x = bpf_ktime_get_ns();
  return icfl_public(x) + icfl_weak(x) + icfl_hidden(x) + icfl_static(x);
}
