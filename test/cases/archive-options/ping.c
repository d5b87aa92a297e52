#include "bpf.h"

int arcopt_pong(int x);

__noinline int arcopt_ping(int x) {
  barrier();
  return arcopt_pong(x) + 1;
}
