// SPDX-License-Identifier: Apache-2.0
/* Drops what is over the limit, as libguard does by itself, and reports. */
#include "guard.h"
#include "source.h"

BPF_LICENSE("GPL");

SEC("xdp")
int enforce(struct xdp_md *ctx) {
  __u32 length = ctx->data_end - ctx->data;
  __u32 source = source_of(ctx);
  int allowed = source == 0 || guard_allow(source, length);

  guard_report(!allowed, length);
  return allowed ? XDP_PASS : XDP_DROP;
}
