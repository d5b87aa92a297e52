#include "bpf.h"

int cmd_first(void) {
  return 1;
}

char LICENSE[] SEC("license") = "GPL";
