#include "bpf.h"

char concat_a_byte SEC(".data") = 1;
const char concat_a_text[5] SEC(".rodata") = "four";
char concat_a_zero[3];

SEC("xdp")
int concat_a(struct xdp_md *ctx) {
  return concat_a_byte + concat_a_zero[ctx->data & 1] + concat_a_text[ctx->data & 3];
}

char concat_license[] SEC("license") = "GPL";
