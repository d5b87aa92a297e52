/* SPDX-License-Identifier: Apache-2.0 */
/* What the files of the filter share: the parsed packet, the verdicts, the maps, and each other's functions. */
#ifndef XDP_FILTER_H
#define XDP_FILTER_H

#include "../include/bpf_helpers.h"

#define MAX_PORTS 65536
#define MAX_VLAN_TAGS 2
#define SIZE_CLASSES 8

enum verdict {
  VERDICT_PASS = 0,
  VERDICT_MALFORMED,
  VERDICT_DENIED_SOURCE,
  VERDICT_DENIED_PORT,
  VERDICT_FRAGMENT,
  VERDICT_OVER_BUDGET,
  VERDICT_COUNT,
};

enum packet_flags {
  PACKET_IPV6 = 1 << 0,
  PACKET_FRAGMENT = 1 << 1,
  PACKET_TAGGED = 1 << 2,
  PACKET_SYN = 1 << 3,
};

struct flow_key {
  __u32 source[4];
  __u32 destination[4];
  __u16 source_port;
  __u16 destination_port;
  __u8 protocol;
  __u8 reserved[3];
};

/* A packet as the parser leaves it. Ports and protocol numbers are in host order, addresses as on the wire. */
struct packet_view {
  struct flow_key flow;
  __u32 length;
  __u16 ether_type;
  __u16 flags;
};

struct source_prefix {
  __u32 bits;
  __u32 address;
};

struct source_rule {
  __u32 verdict;
  __u32 hits;
};

struct flow_budget {
  __u64 packets;
  __u64 bytes;
  __u32 over;
  __u32 reserved;
};

struct counter {
  __u64 packets;
  __u64 bytes;
};

/* Settings a user of the program writes before it is loaded: .rodata of filter.bpf.c. */
struct filter_config {
  __u32 packets_per_flow;
  __u32 drop_fragments;
  __u32 trace_drops;
  __u32 hash_seed;
};

extern const volatile struct filter_config config;

/* Map types, named because both the extern declarations here and the definitions need them. */

struct source_rules_map {
  __uint(type, BPF_MAP_TYPE_LPM_TRIE);
  __uint(max_entries, 1024);
  __uint(map_flags, BPF_F_NO_PREALLOC);
  __type(key, struct source_prefix);
  __type(value, struct source_rule);
};

struct denied_ports_map {
  __uint(type, BPF_MAP_TYPE_ARRAY);
  __uint(max_entries, MAX_PORTS / 64);
  __type(key, __u32);
  __type(value, __u64);
};

struct flow_budgets_map {
  __uint(type, BPF_MAP_TYPE_HASH);
  __uint(max_entries, 4096);
  __type(key, struct flow_key);
  __type(value, struct flow_budget);
};

struct verdict_counters_map {
  __uint(type, BPF_MAP_TYPE_ARRAY);
  __uint(max_entries, VERDICT_COUNT);
  __type(key, __u32);
  __type(value, struct counter);
};

extern struct source_rules_map source_rules SEC(".maps");          /* policy.bpf.c */
extern struct denied_ports_map denied_ports SEC(".maps");          /* policy.bpf.c */
extern struct flow_budgets_map flow_budgets SEC(".maps");          /* policy.bpf.c */
extern struct verdict_counters_map verdict_counters SEC(".maps");  /* stats.bpf.c */

/* parser.bpf.c. */
int parse_packet(struct xdp_md *ctx, struct packet_view *view);
__u32 flow_hash(const struct flow_key *flow);

/* policy.bpf.c. */
int judge_packet(const struct packet_view *view);
int port_is_denied(__u32 port);

/* stats.bpf.c. Hidden: a user of the linked program has no business to replace it. */
__hidden int count_verdict(__u32 verdict, __u32 length);
extern __u64 packets_seen;
extern __u32 last_flow_hash;

/* Called with every verdict and may change it. The default in filter.bpf.c keeps it; policy.bpf.c replaces it. */
int on_verdict(const struct packet_view *view, __u32 verdict);

#endif
