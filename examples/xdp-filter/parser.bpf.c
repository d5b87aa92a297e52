// SPDX-License-Identifier: Apache-2.0
/* Ethernet, VLAN tags, IPv4, IPv6, TCP and UDP, as far as the policy asks. */
#include "filter.h"

struct cursor {
  void *position;
  void *end;
};

/* Packets parsed, by result of the network layer. Other files have statics of this name. */
static __u64 calls[4];

/* Transport headers that were cut short, by protocol number. */
__u32 truncated_transports[256];

static __always_inline void *take(struct cursor *cursor, __u32 size) {
  void *start = cursor->position;

  if (start + size > cursor->end) return 0;
  cursor->position = start + size;
  return start;
}

/* Which counter a protocol belongs to. */
static __noinline __u32 protocol_class(__u32 protocol) {
  switch (protocol) {
    case IPPROTO_TCP:
      return 1;
    case IPPROTO_UDP:
      return 2;
    case IPPROTO_ICMP:
    case IPPROTO_ICMPV6:
      return 3;
  }
  return 0;
}

static __always_inline int take_tags(struct cursor *cursor, __u16 *ether_type, __u16 *flags) {
  for (int tag = 0; tag < MAX_VLAN_TAGS; tag++) {
    struct vlan_hdr *vlan;

    if (*ether_type != ETH_P_8021Q && *ether_type != ETH_P_8021AD) return 0;
    vlan = take(cursor, sizeof(*vlan));
    if (!vlan) return -1;
    *ether_type = bpf_ntohs(vlan->h_vlan_encapsulated_proto);
    *flags |= PACKET_TAGGED;
  }
  return 0;
}

static __noinline int parse_transport(void *position, void *end, struct packet_view *view) {
  struct cursor cursor = {.position = position, .end = end};

  if (view->flow.protocol == IPPROTO_TCP) {
    struct tcphdr *tcp = take(&cursor, sizeof(*tcp));

    if (!tcp) goto truncated;
    view->flow.source_port = bpf_ntohs(tcp->source);
    view->flow.destination_port = bpf_ntohs(tcp->dest);
    if (tcp->flags & 0x02) view->flags |= PACKET_SYN;
  } else if (view->flow.protocol == IPPROTO_UDP) {
    struct udphdr *udp = take(&cursor, sizeof(*udp));

    if (!udp) goto truncated;
    if (bpf_ntohs(udp->len) < sizeof(*udp)) goto truncated;
    view->flow.source_port = bpf_ntohs(udp->source);
    view->flow.destination_port = bpf_ntohs(udp->dest);
  }
  calls[protocol_class(view->flow.protocol) & 3]++;
  return VERDICT_PASS;

truncated:
  truncated_transports[view->flow.protocol]++;
  return VERDICT_MALFORMED;
}

static __always_inline int parse_ipv4(struct cursor *cursor, struct packet_view *view) {
  struct iphdr *ip = take(cursor, sizeof(*ip));
  __u32 options;

  if (!ip || ip->version != 4 || ip->ihl < 5) return VERDICT_MALFORMED;
  view->flow.source[3] = ip->saddr;
  view->flow.destination[3] = ip->daddr;
  view->flow.protocol = ip->protocol;
  if (bpf_ntohs(ip->frag_off) & 0x1fff) {
    view->flags |= PACKET_FRAGMENT;
    return VERDICT_PASS;
  }
  options = (ip->ihl - 5) * 4;
  barrier_var(options);
  if (options > 40 || !take(cursor, options)) return VERDICT_MALFORMED;
  return parse_transport(cursor->position, cursor->end, view);
}

static __always_inline int parse_ipv6(struct cursor *cursor, struct packet_view *view) {
  struct ipv6hdr *ip = take(cursor, sizeof(*ip));

  if (!ip || ip->version_priority >> 4 != 6) return VERDICT_MALFORMED;
  view->flags |= PACKET_IPV6;
  __builtin_memcpy(view->flow.source, &ip->saddr, sizeof(ip->saddr));
  __builtin_memcpy(view->flow.destination, &ip->daddr, sizeof(ip->daddr));
  view->flow.protocol = ip->nexthdr;
  return parse_transport(cursor->position, cursor->end, view);
}

int parse_packet(struct xdp_md *ctx, struct packet_view *view) {
  struct cursor cursor = {.position = (void *)(unsigned long)ctx->data, .end = (void *)(unsigned long)ctx->data_end};
  __u32 length = cursor.end - cursor.position;
  struct ethhdr *eth = take(&cursor, sizeof(*eth));
  __u16 ether_type, flags = 0;

  if (!view) return VERDICT_MALFORMED;
  view->length = length;
  if (!eth) return VERDICT_MALFORMED;
  ether_type = bpf_ntohs(eth->h_proto);
  if (take_tags(&cursor, &ether_type, &flags)) return VERDICT_MALFORMED;
  view->ether_type = ether_type;
  view->flags = flags;
  if (ether_type == ETH_P_IP) return parse_ipv4(&cursor, view);
  if (ether_type == ETH_P_IPV6) return parse_ipv6(&cursor, view);
  calls[0]++;
  return VERDICT_PASS;
}

static __always_inline __u32 mix(__u32 hash, __u32 word) {
  hash ^= word;
  hash *= 0x85ebca6b;
  return hash ^ (hash >> 13);
}

__u32 flow_hash(const struct flow_key *flow) {
  __u32 hash = config.hash_seed;

  if (!flow) return 0;
  for (int word = 0; word < 4; word++) {
    hash = mix(hash, flow->source[word]);
    hash = mix(hash, flow->destination[word]);
  }
  hash = mix(hash, (__u32)flow->source_port << 16 | flow->destination_port);
  return mix(hash, flow->protocol);
}

BPF_LICENSE("GPL");
