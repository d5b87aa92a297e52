#include "bpf.h"

int dia_first(void) {
  return 1;
}

int dia_second(void) {
  return 2;
}

char LICENSE[] SEC("license") = "GPL";
