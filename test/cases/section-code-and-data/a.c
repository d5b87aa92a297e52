#include "bpf.h"

SEC("mixed")
int mixed_code(struct xdp_md *ctx) {
  return ctx->data;
}
