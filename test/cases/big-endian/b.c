#include "bpf.h"

__u64 big_value = 0x0102030405060708;
int big_level = 4;

__noinline static int big_local(int x) {
  barrier();
  return x - 1;
}

__noinline int big_function(int x) {
  return big_local(x) + big_value;
}

SEC("socket")
int big_b(void *ctx) {
  return big_local(2) + big_level;
}
