#include "bpf.h"

extern int fold_two(int x);
const int fold_more SEC(".rodata.fold") = 5;

__noinline int fold_three(int x) {
  return fold_two(x) + fold_more;
}

SEC("socket")
int fold_entry(void *ctx) {
  return fold_three(fold_two(1));
}
