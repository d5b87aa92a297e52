// SPDX-License-Identifier: Apache-2.0
/* The programs: parse, judge, count, and translate the verdict into what XDP does with the packet. */
#include "filter.h"

const volatile struct filter_config config = {
  .packets_per_flow = 8,
  .drop_fragments = 1,
  .trace_drops = 0,
  .hash_seed = 0x9e3779b9,
};

/* Packets this file has seen, by action. Other files have statics of this name. */
static __u64 calls[4];

/* Which action each verdict leads to; a user may turn drops into passes for a dry run. */
__u32 actions[VERDICT_COUNT] = {
  [VERDICT_PASS] = XDP_PASS,          [VERDICT_MALFORMED] = XDP_ABORTED, [VERDICT_DENIED_SOURCE] = XDP_DROP,
  [VERDICT_DENIED_PORT] = XDP_DROP,   [VERDICT_FRAGMENT] = XDP_DROP,     [VERDICT_OVER_BUDGET] = XDP_DROP,
};

#ifndef WHOLE_PROGRAM
__weak int on_verdict(const struct packet_view *view, __u32 verdict) {
  return view ? (int)verdict : VERDICT_MALFORMED;
}
#endif

static __noinline __u32 count_action(__u32 verdict) {
  __u32 action = XDP_ABORTED;

  if (verdict < VERDICT_COUNT) action = actions[verdict];
  calls[action & 3]++;
  return action & 3;
}

SEC("xdp")
int filter_ingress(struct xdp_md *ctx) {
  struct packet_view view = {};
  int verdict;

  verdict = parse_packet(ctx, &view);
  if (verdict == VERDICT_PASS) {
    last_flow_hash = flow_hash(&view.flow);
    verdict = judge_packet(&view);
  }
  verdict = on_verdict(&view, verdict);
  count_verdict(verdict, view.length);
  if (config.trace_drops && verdict != VERDICT_PASS) bpf_printk("dropped: verdict %d", verdict);
  return count_action(verdict);
}

/* Judges without dropping, to try a policy on live traffic. */
SEC("xdp")
int filter_dry_run(struct xdp_md *ctx) {
  struct packet_view view = {};
  int verdict;

  verdict = parse_packet(ctx, &view);
  if (verdict == VERDICT_PASS) verdict = judge_packet(&view);
  count_verdict(verdict, view.length);
  return XDP_PASS;
}

/* Answers whether the packet's destination port is denied, and swaps the addresses of those that are not. */
SEC("xdp")
int reflect_allowed(struct xdp_md *ctx) {
  struct packet_view view = {};
  struct ethhdr *eth;
  __u8 swapped[ETH_ALEN];

  if (parse_packet(ctx, &view) != VERDICT_PASS) return XDP_DROP;
  if (port_is_denied(view.flow.destination_port)) return XDP_DROP;
  eth = (void *)(unsigned long)ctx->data;
  if ((void *)(eth + 1) > (void *)(unsigned long)ctx->data_end) return XDP_ABORTED;
  __builtin_memcpy(swapped, eth->h_dest, ETH_ALEN);
  __builtin_memcpy(eth->h_dest, eth->h_source, ETH_ALEN);
  __builtin_memcpy(eth->h_source, swapped, ETH_ALEN);
  return count_action(VERDICT_PASS) == XDP_PASS ? XDP_TX : XDP_PASS;
}

BPF_LICENSE("GPL");
