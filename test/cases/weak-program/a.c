#include "bpf.h"

SEC("xdp")
int weakprog_first(struct xdp_md *ctx) {
  return ctx->data;
}

__weak SEC("xdp") int weakprog(struct xdp_md *ctx) {
  return 1;
}

SEC("xdp")
int weakprog_last(struct xdp_md *ctx) {
  return ctx->data_end;
}
