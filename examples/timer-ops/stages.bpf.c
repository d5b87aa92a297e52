// SPDX-License-Identifier: Apache-2.0
/* The stages of the packet path that need no timer. */
#include "ops.h"

/* Packets by stage. Other files have statics of this name. */
static volatile __u64 calls[STAGES];

static const volatile __u8 short_protocols[] = {IPPROTO_ICMP, IPPROTO_UDP};

static __noinline __u32 protocol_slot(__u32 protocol) {
  for (__u32 index = 0; index < sizeof(short_protocols); index++) {
    if (short_protocols[index] == protocol) return index;
  }
  return BUCKET_SLOTS - 1;
}

SEC("xdp")
int stage_length(struct xdp_md *ctx) {
  __u32 length = ctx->data_end - ctx->data;

  calls[0]++;
  if (bucket_add(0, length / 128, length)) return XDP_DROP;
  return XDP_PASS;
}

SEC("xdp")
int stage_protocol(struct xdp_md *ctx) {
  void *data = (void *)(unsigned long)ctx->data;
  void *data_end = (void *)(unsigned long)ctx->data_end;
  struct iphdr *ip = data + sizeof(struct ethhdr);

  calls[1]++;
  if ((void *)(ip + 1) > data_end) return XDP_ABORTED;
  if (bucket_add(2, protocol_slot(ip->protocol), 1)) return XDP_DROP;
  return ip->protocol == IPPROTO_TCP ? XDP_PASS : XDP_TX;
}

BPF_LICENSE("GPL");
