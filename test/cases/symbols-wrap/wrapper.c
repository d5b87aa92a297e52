#include "bpf.h"

extern int __real_wrapd_read(int x);

int __wrap_wrapd_limit = 7;

__noinline int __wrap_wrapd_read(int x) {
  barrier();
  return __real_wrapd_read(x) + 1;
}
