#include "bpf.h"

int fold_shared SEC(".data.fold") = 4;
const int fold_table[4] SEC(".rodata.fold") = {1, 2, 3, 4};

__noinline static int fold_local(int x) {
  barrier();
  return x * 3;
}

__noinline int fold_one(int x) {
  return fold_local(x) + fold_shared;
}

__noinline int fold_two(int x) {
  return fold_one(x) + fold_local(x + 1) + fold_table[x & 3];
}
