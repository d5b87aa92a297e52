#include "bpf.h"

struct sock;
struct tcp_congestion_ops {
  __u32 (*ssthresh)(struct sock *sk);
  void (*cong_avoid)(struct sock *sk, __u32 ack, __u32 acked);
  __u32 (*undo_cwnd)(struct sock *sk);
  char name[16];
};

SEC("struct_ops")
__u32 ops_ssthresh_b(struct sock *sk) {
  return 2;
}

SEC("struct_ops")
void ops_cong_avoid_b(struct sock *sk, __u32 ack, __u32 acked) {
}

SEC("struct_ops")
__u32 ops_undo_b(struct sock *sk) {
  return 5;
}

struct tcp_congestion_ops ops_b SEC(".struct_ops") = {
    .ssthresh = ops_ssthresh_b,
    .cong_avoid = ops_cong_avoid_b,
    .undo_cwnd = ops_undo_b,
    .name = "ops_b",
};
