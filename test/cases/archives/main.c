#include "bpf.h"

int arc_square(int x);
__weak int arc_hook(int x);

SEC("socket")
int arc_main(void *ctx) {
  int result = arc_square(3);
  return arc_hook ? result + arc_hook(result) : result;
}
