#include "bpf.h"

__noinline int arcopt_echo(int x) {
  barrier();
  return -x;
}
