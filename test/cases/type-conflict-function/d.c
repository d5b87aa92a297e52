#include "bpf.h"

extern __u64 conflict_fn(int x, __u64 size);

SEC("socket")
int conflict_fn_d(void *ctx) {
  return conflict_fn(1, 2);
}
