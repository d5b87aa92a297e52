// SPDX-License-Identifier: Apache-2.0
/* What passes: rules by source prefix, a bitmap of denied ports, a budget of packets for each flow. */
#include "filter.h"

struct source_rules_map source_rules SEC(".maps");
struct denied_ports_map denied_ports SEC(".maps");
struct flow_budgets_map flow_budgets SEC(".maps");

/* Packets judged, by verdict. Other files have statics of this name. */
static __u64 calls[VERDICT_COUNT];

/* Ports denied whatever the map says. */
static const volatile __u16 always_denied[] = {23, 135, 137, 139, 445, 2323};

/* Verdicts that on_verdict() changed. */
__u64 overridden_verdicts;

/* For sources that have no rule of their own in the map. */
struct source_rule default_rule = {.verdict = VERDICT_PASS};

static __noinline __u32 rule_verdict(const struct source_rule *rule) {
  __u32 verdict = rule->verdict;

  return verdict < VERDICT_COUNT ? verdict : VERDICT_DENIED_SOURCE;
}

static __always_inline __u32 judge_source(const struct packet_view *view) {
  struct source_prefix prefix = {.bits = 32, .address = view->flow.source[3]};
  struct source_rule *rule;

  if (view->flags & PACKET_IPV6) return VERDICT_PASS;
  rule = bpf_map_lookup_elem(&source_rules, &prefix);
  if (!rule) {
    default_rule.hits++;
    return rule_verdict(&default_rule);
  }
  rule->hits++;
  return rule_verdict(rule);
}

int port_is_denied(__u32 port) {
  __u32 index = (port & 0xffff) / 64;
  __u64 *bits;

  for (__u32 i = 0; i < sizeof(always_denied) / sizeof(always_denied[0]); i++) {
    if (always_denied[i] == port) return 1;
  }
  bits = bpf_map_lookup_elem(&denied_ports, &index);
  return bits ? (*bits >> (port & 63)) & 1 : 0;
}

static __noinline int over_budget(const struct flow_key *key, __u32 length) {
  struct flow_budget first = {.packets = 1, .bytes = length};
  struct flow_budget *budget = bpf_map_lookup_elem(&flow_budgets, key);

  if (!budget) {
    bpf_map_update_elem(&flow_budgets, key, &first, BPF_NOEXIST);
    return 0;
  }
  budget->packets++;
  budget->bytes += length;
  if (budget->packets <= config.packets_per_flow) return 0;
  budget->over++;
  return 1;
}

int judge_packet(const struct packet_view *view) {
  struct flow_key key;
  __u32 verdict;

  if (!view) return VERDICT_MALFORMED;
  if (view->ether_type != ETH_P_IP && view->ether_type != ETH_P_IPV6) return VERDICT_PASS;
  verdict = judge_source(view);
  if (verdict == VERDICT_PASS && config.drop_fragments && view->flags & PACKET_FRAGMENT) verdict = VERDICT_FRAGMENT;
  if (verdict == VERDICT_PASS && port_is_denied(view->flow.destination_port)) verdict = VERDICT_DENIED_PORT;
  if (verdict == VERDICT_PASS) {
    key = view->flow;
    if (over_budget(&key, view->length)) verdict = VERDICT_OVER_BUDGET;
  }
  if (verdict < VERDICT_COUNT) calls[verdict]++;
  return verdict;
}

/* Replaces the default of filter.bpf.c: new connections are let in even from a flow over its budget. */
int on_verdict(const struct packet_view *view, __u32 verdict) {
  if (!view) return VERDICT_MALFORMED;
  if (verdict == VERDICT_OVER_BUDGET && view->flags & PACKET_SYN) {
    overridden_verdicts++;
    return VERDICT_PASS;
  }
  return verdict;
}

BPF_LICENSE("GPL");
