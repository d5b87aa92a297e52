#include "bpf.h"

struct conflict_config {
  __u32 level;
  __u16 port;
  __u16 flags;
};

extern struct conflict_config conflict_var;
extern int conflict_array[4];

SEC("socket")
int conflict_var_a(void *ctx) {
  return conflict_var.port + conflict_array[1];
}
