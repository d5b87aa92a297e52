#include "bpf.h"

int dia_first(void) {
  return 3;
}

int dia_second(void) {
  return 4;
}

char LICENSE[] SEC("license") = "Dual MIT/GPL";
