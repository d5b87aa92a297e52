#include "bpf.h"

__noinline int arcerr_work(int x) {
  barrier();
  return x + 1;
}
