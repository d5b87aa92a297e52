#include "bpf.h"

__noinline int arc_square(int x) {
  barrier();
  return x * x;
}
