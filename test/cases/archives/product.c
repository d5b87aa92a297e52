#include "bpf.h"

int arc_products;

__hidden __noinline int arc_product(int x, int y) {
  arc_products++;
  return x * y;
}
