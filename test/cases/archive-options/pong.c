#include "bpf.h"

int arcopt_table[4];
int arcopt_echo(int x);

__noinline int arcopt_pong(int x) {
  barrier();
  return arcopt_echo(x) + arcopt_table[x & 3];
}
