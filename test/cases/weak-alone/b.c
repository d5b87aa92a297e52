#include "bpf.h"

int alone_zero = 5;
int alone_value = 6;
const int alone_limit SEC(".rodata.alone") = 7;

SEC("socket")
int alone_function(int x) {
  return x - 1;
}
