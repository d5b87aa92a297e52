#include "bpf.h"

int mixed_value = 2;

__noinline int mixed_function(int x) {
  barrier();
  return x - mixed_value;
}
