#include "bpf.h"

extern int conflict_fn(int x);

SEC("socket")
int conflict_fn_c(void *ctx) {
  return conflict_fn(1);
}
