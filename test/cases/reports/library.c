#include "bpf.h"

int rep_limit = 7;
int rep_total;
long rep_unused_table[3] = {1, 2, 3};

__noinline static int rep_add(int verdict) {
  barrier();
  rep_total += verdict;
  return rep_total;
}

__noinline int rep_count(int verdict) {
  return rep_add(verdict);
}

__noinline int rep_unused(int verdict) {
  barrier();
  return rep_unused_table[verdict & 1];
}
