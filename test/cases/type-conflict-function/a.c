#include "bpf.h"

extern int conflict_fn(int x, __u32 size);

SEC("socket")
int conflict_fn_a(void *ctx) {
  return conflict_fn(1, 2);
}
