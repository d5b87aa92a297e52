#include "bpf.h"

__noinline int __wrap_wrapd_read(__u64 x, int y) {
  barrier();
  return x + y;
}
