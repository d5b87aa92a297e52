#include "bpf.h"

struct conflict_config {
  __u32 level;
  __u32 port;
};

struct conflict_config conflict_var = {1, 80};
int conflict_array[8] = {1};

SEC("socket")
int conflict_var_b(void *ctx) {
  return conflict_var.port;
}
