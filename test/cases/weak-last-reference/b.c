#include "bpf.h"

__noinline int lastref(int x) {
  barrier();
  return x;
}
