#include "bpf.h"

__noinline int arc_hook(int x) {
  barrier();
  return x + 1;
}
