#include "bpf.h"

char concat_c_byte SEC(".data") = 3;
const __u32 concat_c_wide SEC(".rodata") __attribute__((aligned(16))) = 0xcafe;
char concat_c_zero;

SEC("tc")
int concat_c(struct xdp_md *ctx) {
  concat_c_zero = concat_c_byte;
  return concat_c_wide;
}
