// SPDX-License-Identifier: Apache-2.0
/*
 * A congestion control that halves its window on loss and grows it by one segment a round trip. The arguments of an
 * operation are in ctx, in order.
 */
#include "ops.h"

#define TCP_CA_OPEN 0
#define INFINITE_SSTHRESH 0x7fffffff

/* Connections by state entered. Other files have statics of this name. */
static __u64 calls[8];

const volatile __u32 minimum_window = 2;
__u32 largest_window;

static __noinline __u32 halved(__u32 window) {
  __u32 half = window / 2;

  return half > minimum_window ? half : minimum_window;
}

SEC("struct_ops/steady_init")
int steady_init(__u64 *ctx) {
  struct tcp_sock *tcp = (struct tcp_sock *)ctx[0];

  tcp->snd_ssthresh = INFINITE_SSTHRESH;
  return 0;
}

SEC("struct_ops/steady_ssthresh")
int steady_ssthresh(__u64 *ctx) {
  struct tcp_sock *tcp = (struct tcp_sock *)ctx[0];

  return halved(tcp->snd_cwnd);
}

SEC("struct_ops/steady_cong_avoid")
int steady_cong_avoid(__u64 *ctx) {
  struct tcp_sock *tcp = (struct tcp_sock *)ctx[0];
  __u32 acked = ctx[2];
  __u32 window = tcp->snd_cwnd;

  if (window < tcp->snd_ssthresh) {
    window += acked;
  } else if (tcp->snd_cwnd_cnt >= window) {
    tcp->snd_cwnd_cnt = 0;
    window++;
  } else {
    tcp->snd_cwnd_cnt += acked;
  }
  if (window > tcp->snd_cwnd_clamp) window = tcp->snd_cwnd_clamp;
  if (window > largest_window) largest_window = window;
  tcp->snd_cwnd = window;
  bucket_add(0, BUCKET_SLOTS - 1, acked);
  return 0;
}

SEC("struct_ops/steady_set_state")
int steady_set_state(__u64 *ctx) {
  __u8 state = ctx[1];

  calls[state & 7]++;
  if (state != TCP_CA_OPEN) expiries++;
  return 0;
}

SEC("struct_ops/steady_undo_cwnd")
int steady_undo_cwnd(__u64 *ctx) {
  struct tcp_sock *tcp = (struct tcp_sock *)ctx[0];

  return tcp->snd_cwnd > tcp->prior_cwnd ? tcp->snd_cwnd : tcp->prior_cwnd;
}

BPF_LICENSE("GPL");
