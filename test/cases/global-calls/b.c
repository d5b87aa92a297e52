#include "bpf.h"

extern int global_a(int x);

__noinline int global_b(int x) {
  return global_a(x) - 1;
}
