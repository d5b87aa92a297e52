#include "bpf.h"

extern __u64 conflict_var;

SEC("socket")
int conflict_var_c(void *ctx) {
  return conflict_var;
}
