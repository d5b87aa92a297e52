#include "bpf.h"

struct conflict_config {
  __u32 level;
  __u32 gate;
};

extern struct conflict_config conflict_var;

SEC("socket")
int conflict_var_d(void *ctx) {
  return conflict_var.gate;
}
