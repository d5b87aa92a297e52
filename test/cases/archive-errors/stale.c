#include "bpf.h"

__noinline int arcerr_other(int x) {
  barrier();
  return x + 2;
}
