#include "bpf.h"

int twice_value = 1;

__noinline int twice_a(int x) {
  return x + 1;
}

__noinline int twice(int x) {
  return twice_a(x) + twice_value;
}
