#include "bpf.h"

__noinline int symarc_extra(int x) {
  barrier();
  return x + 2;
}
