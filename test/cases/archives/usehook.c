#include "bpf.h"

int arc_hook(int x);

SEC("socket")
int arc_usehook(void *ctx) {
  return arc_hook(2);
}
