#include "bpf.h"

int arc_product(int x, int y);

__noinline int arc_square(int x) {
  barrier();
  return arc_product(x, x);
}
