#include "bpf.h"

__noinline int conflict_fn(int x, __u64 size) {
  barrier();
  return x + size;
}
