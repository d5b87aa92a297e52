#include "bpf.h"

extern int defs_alias(int x);
extern int defs_second;

SEC("socket")
int defs_use(void *ctx) {
  return defs_alias(1) + defs_second;
}
