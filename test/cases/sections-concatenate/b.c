#include "bpf.h"

__u64 concat_b_word SEC(".data") = 0x1122334455667788;
const __u16 concat_b_half SEC(".rodata") = 0xabcd;
__u64 concat_b_zero __attribute__((aligned(32)));

SEC("xdp")
int concat_b(struct xdp_md *ctx) {
  concat_b_zero += concat_b_word;
  return concat_b_half + ctx->data_end;
}
