#include "bpf.h"

__u64 weakvar = 0x5555;
const __u32 weakvar_ro SEC(".rodata") = 5;

SEC("socket")
int weakvar_b(void *ctx) {
  return weakvar + weakvar_ro;
}
