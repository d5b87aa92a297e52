#include "bpf.h"

int strongref_value = 3;

__noinline int strongref(int x) {
  barrier();
  return x + 3;
}
