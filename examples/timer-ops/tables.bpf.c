// SPDX-License-Identifier: Apache-2.0
/* Tables of addresses: operations the kernel calls, and programs reached by tail calls. */
#include "ops.h"

SEC(".struct_ops.link")
struct bpf_dummy_ops counting_ops = {
  .test_1 = (void *)count_state,
  .test_2 = (void *)add_arguments,
};

SEC(".struct_ops.link")
struct tcp_congestion_ops steady_ops = {
  .ssthresh = (void *)steady_ssthresh,
  .cong_avoid = (void *)steady_cong_avoid,
  .set_state = (void *)steady_set_state,
  .undo_cwnd = (void *)steady_undo_cwnd,
  .init = (void *)steady_init,
  .name = "bpf_steady",
};

/* A second flavour that shares most operations. */
SEC(".struct_ops.link")
struct tcp_congestion_ops steady_quiet_ops = {
  .ssthresh = (void *)steady_ssthresh,
  .cong_avoid = (void *)steady_cong_avoid,
  .undo_cwnd = (void *)steady_undo_cwnd,
  .name = "bpf_steady_q",
};

struct stages_map stages SEC(".maps") = {
  .values = {
    [0] = stage_length,
    [1] = stage_protocol,
    [3] = stage_timer,
  },
};

/* The way in: the first byte of a packet selects the stage. A stage that does not exist leaves the packet alone. */
SEC("xdp")
int dispatch(struct xdp_md *ctx) {
  __u8 *data = (__u8 *)(unsigned long)ctx->data;
  __u8 *data_end = (__u8 *)(unsigned long)ctx->data_end;

  if (data + 1 > data_end) return XDP_ABORTED;
  bpf_tail_call(ctx, &stages, *data & (STAGES - 1));
  return XDP_PASS;
}

BPF_LICENSE("GPL");
