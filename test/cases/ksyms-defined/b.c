#include "bpf.h"

__noinline int kdef_function(int x) {
  barrier();
  return x + 1;
}
