// SPDX-License-Identifier: Apache-2.0
/* Drops nothing: replaces the hook of libguard by one that counts. */
#include "guard.h"
#include "source.h"

BPF_LICENSE("GPL");

__u64 excess_packets;
__u64 excess_bytes;

int guard_on_excess(__u32 source, __u32 length) {
  excess_packets++;
  excess_bytes += length;
  return 0;
}

SEC("xdp")
int observe(struct xdp_md *ctx) {
  __u32 length = ctx->data_end - ctx->data;
  __u32 source = source_of(ctx);

  if (source == 0) return XDP_PASS;
  /* A smaller limit than the library's, since nothing is lost by it. */
  guard_burst = 2;
  return guard_allow(source, length) ? XDP_PASS : XDP_DROP;
}
