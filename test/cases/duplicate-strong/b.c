#include "bpf.h"

int twice_value = 1;

__noinline int twice_b(int x) {
  return x + 1;
}

__noinline int twice(int x) {
  return twice_b(x) + twice_value;
}
