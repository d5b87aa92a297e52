#include "bpf.h"

__u64 weakvar_first = 0x1111;
__weak __u64 weakvar = 0x2222;
__u64 weakvar_last = 0x3333;

const __u32 weakvar_ro_first SEC(".rodata") = 1;
__weak const __u32 weakvar_ro SEC(".rodata") = 2;
const __u32 weakvar_ro_last SEC(".rodata") = 3;
static volatile __u64 weakvar_local = 0x4444;

SEC("socket")
int weakvar_a(void *ctx) {
  return weakvar_first + weakvar + weakvar_last + weakvar_local + weakvar_ro_first + weakvar_ro +
         weakvar_ro_last;
}
