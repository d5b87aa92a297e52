#include "bpf.h"

__noinline int __wrap_symarc_get(int x) {
  barrier();
  return x + 1;
}
