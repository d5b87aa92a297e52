/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The kernel types these examples touch, and of each only the members they touch. Structs marked KERNEL_TYPE differ
 * between kernels: accesses to them are CO-RE relocations, so the members need not be at the offsets given here.
 * The others are part of the stable interface or of a packet on the wire.
 */
#ifndef EXAMPLES_VMLINUX_H
#define EXAMPLES_VMLINUX_H

typedef unsigned char __u8;
typedef unsigned short __u16;
typedef unsigned int __u32;
typedef unsigned long long __u64;
typedef signed char __s8;
typedef short __s16;
typedef int __s32;
typedef long long __s64;
typedef __u16 __be16;
typedef __u32 __be32;
typedef _Bool bool;
typedef int pid_t;

enum { false = 0, true = 1 };

#define KERNEL_TYPE __attribute__((preserve_access_index))

/* Maps and helper flags: include/uapi/linux/bpf.h. */

enum bpf_map_type {
  BPF_MAP_TYPE_UNSPEC = 0,
  BPF_MAP_TYPE_HASH = 1,
  BPF_MAP_TYPE_ARRAY = 2,
  BPF_MAP_TYPE_PROG_ARRAY = 3,
  BPF_MAP_TYPE_PERCPU_HASH = 5,
  BPF_MAP_TYPE_PERCPU_ARRAY = 6,
  BPF_MAP_TYPE_LRU_HASH = 9,
  BPF_MAP_TYPE_LPM_TRIE = 11,
  BPF_MAP_TYPE_ARRAY_OF_MAPS = 12,
  BPF_MAP_TYPE_HASH_OF_MAPS = 13,
  BPF_MAP_TYPE_RINGBUF = 27,
};

enum {
  BPF_ANY = 0,
  BPF_NOEXIST = 1,
  BPF_EXIST = 2,
};

enum {
  BPF_F_NO_PREALLOC = 1,
};

enum {
  BPF_RB_NO_WAKEUP = 1,
  BPF_RB_FORCE_WAKEUP = 2,
};

struct bpf_timer {
  __u64 opaque[2];
} __attribute__((aligned(8)));

/* XDP: include/uapi/linux/bpf.h. */

enum xdp_action {
  XDP_ABORTED = 0,
  XDP_DROP,
  XDP_PASS,
  XDP_TX,
  XDP_REDIRECT,
};

struct xdp_md {
  __u32 data;
  __u32 data_end;
  __u32 data_meta;
  __u32 ingress_ifindex;
  __u32 rx_queue_index;
  __u32 egress_ifindex;
};

/* Packets on the wire. */

#define ETH_ALEN 6
#define ETH_P_IP 0x0800
#define ETH_P_ARP 0x0806
#define ETH_P_8021Q 0x8100
#define ETH_P_IPV6 0x86dd
#define ETH_P_8021AD 0x88a8

#define IPPROTO_ICMP 1
#define IPPROTO_TCP 6
#define IPPROTO_UDP 17
#define IPPROTO_ICMPV6 58

struct ethhdr {
  __u8 h_dest[ETH_ALEN];
  __u8 h_source[ETH_ALEN];
  __be16 h_proto;
} __attribute__((packed));

struct vlan_hdr {
  __be16 h_vlan_TCI;
  __be16 h_vlan_encapsulated_proto;
};

struct iphdr {
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
  __u8 ihl : 4, version : 4;
#else
  __u8 version : 4, ihl : 4;
#endif
  __u8 tos;
  __be16 tot_len;
  __be16 id;
  __be16 frag_off;
  __u8 ttl;
  __u8 protocol;
  __u16 check;
  __be32 saddr;
  __be32 daddr;
};

struct in6_addr {
  union {
    __u8 u6_addr8[16];
    __be32 u6_addr32[4];
  };
};

struct ipv6hdr {
  __u8 version_priority;
  __u8 flow_lbl[3];
  __be16 payload_len;
  __u8 nexthdr;
  __u8 hop_limit;
  struct in6_addr saddr;
  struct in6_addr daddr;
};

struct tcphdr {
  __be16 source;
  __be16 dest;
  __be32 seq;
  __be32 ack_seq;
  __u8 offset_reserved;
  __u8 flags;
  __be16 window;
  __u16 check;
  __be16 urg_ptr;
};

struct udphdr {
  __be16 source;
  __be16 dest;
  __be16 len;
  __u16 check;
};

/* Tasks and programs being executed. */

#define TASK_COMM_LEN 16

typedef struct {
  __u32 val;
} kuid_t;

struct cred {
  kuid_t uid;
  kuid_t euid;
} KERNEL_TYPE;

struct list_head {
  struct list_head *next, *prev;
};

struct task_struct {
  pid_t pid;
  pid_t tgid;
  struct task_struct *real_parent;
  const struct cred *cred;
  char comm[TASK_COMM_LEN];
  unsigned int flags;
} KERNEL_TYPE;

struct linux_binprm {
  const char *filename;
  int argc;
  int envc;
} KERNEL_TYPE;

enum pid_type {
  PIDTYPE_PID,
  PIDTYPE_TGID,
  PIDTYPE_PGID,
  PIDTYPE_SID,
  PIDTYPE_MAX,
};

/* Tracepoints as the tracing file system describes them: sched/sched_process_exec, sched/sched_process_exit. */

struct trace_entry {
  unsigned short type;
  unsigned char flags;
  unsigned char preempt_count;
  int pid;
};

struct trace_event_raw_sched_process_exec {
  struct trace_entry ent;
  __u32 __data_loc_filename;
  pid_t pid;
  pid_t old_pid;
} KERNEL_TYPE;

struct trace_event_raw_sched_process_template {
  struct trace_entry ent;
  char comm[TASK_COMM_LEN];
  pid_t pid;
  int prio;
} KERNEL_TYPE;

struct bpf_raw_tracepoint_args {
  __u64 args[0];
};

/* Congestion control and the struct_ops type that the kernel keeps for tests. */

struct sock_common {
  __be32 skc_daddr;
  __be32 skc_rcv_saddr;
  unsigned short skc_family;
} KERNEL_TYPE;

struct sock {
  struct sock_common __sk_common;
  unsigned long sk_pacing_rate;
} KERNEL_TYPE;

struct inet_sock {
  struct sock sk;
} KERNEL_TYPE;

struct inet_connection_sock {
  struct inet_sock icsk_inet;
  __u8 icsk_ca_state : 5;
  __u64 icsk_ca_priv[13];
} KERNEL_TYPE;

struct tcp_sock {
  struct inet_connection_sock inet_conn;
  __u32 snd_cwnd;
  __u32 snd_cwnd_cnt;
  __u32 snd_cwnd_clamp;
  __u32 snd_ssthresh;
  __u32 prior_cwnd;
} KERNEL_TYPE;

struct ack_sample {
  __u32 pkts_acked;
  __s32 rtt_us;
  __u32 in_flight;
} KERNEL_TYPE;

#define TCP_CA_NAME_MAX 16

enum tcp_ca_event {
  CA_EVENT_TX_START,
  CA_EVENT_CWND_RESTART,
  CA_EVENT_COMPLETE_CWR,
  CA_EVENT_LOSS,
};

struct tcp_congestion_ops {
  __u32 (*ssthresh)(struct sock *sk);
  void (*cong_avoid)(struct sock *sk, __u32 ack, __u32 acked);
  void (*set_state)(struct sock *sk, __u8 new_state);
  void (*cwnd_event)(struct sock *sk, enum tcp_ca_event event);
  void (*pkts_acked)(struct sock *sk, const struct ack_sample *sample);
  __u32 (*undo_cwnd)(struct sock *sk);
  char name[TCP_CA_NAME_MAX];
  void (*init)(struct sock *sk);
  void (*release)(struct sock *sk);
} KERNEL_TYPE;

struct bpf_dummy_ops_state {
  int val;
} KERNEL_TYPE;

struct bpf_dummy_ops {
  int (*test_1)(struct bpf_dummy_ops_state *state);
  int (*test_2)(struct bpf_dummy_ops_state *state, int a1, unsigned short a2, char a3, unsigned long a4);
  int (*test_sleepable)(struct bpf_dummy_ops_state *state);
} KERNEL_TYPE;

#endif
