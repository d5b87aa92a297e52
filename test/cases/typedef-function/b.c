#include "bpf.h"

/* Hidden, so static to the kernel, which takes the address of no other function. */
__hidden __noinline __u64 typedef_add(__u64 left, __u64 right) {
  return left * 3 + right;
}
