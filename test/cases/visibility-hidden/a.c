#include "bpf.h"

__hidden __noinline int hide_function(int x) {
  barrier();
  return x + 1;
}

int hide_by_reference = 3;
