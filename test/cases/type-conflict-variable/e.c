#include "bpf.h"

extern int conflict_var(int x);

SEC("socket")
int conflict_var_e(void *ctx) {
  return conflict_var(1);
}
