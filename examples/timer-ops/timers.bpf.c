// SPDX-License-Identifier: Apache-2.0
/* Timers kept in a map, and the program through which user space arms and cancels them. */
#include "ops.h"

struct timer_cells_map timer_cells SEC(".maps");
struct bucket_map slow_bucket SEC(".maps");

/* Requests by operation. Other files have statics of this name. */
static __u64 calls[8];

/* Cells swept: those that ever fired, and those that did not. */
__u32 swept[2];

static __noinline struct timer_cell *find_cell(__u32 index) {
  return bpf_map_lookup_elem(&timer_cells, &index);
}

static int on_one_shot(void *map, __u32 *key, struct timer_cell *cell) {
  cell->fired++;
  return 0;
}

static int on_sweep(void *map, __u32 *key, struct timer_cell *cell, __u64 *fired) {
  swept[cell->fired ? 0 : 1]++;
  *fired += cell->fired;
  cell->fired = 0;
  return 0;
}

static __noinline long arm(struct timer_cell *cell, __u64 period_ns, __u32 mode) {
  long error;

  cell->period_ns = period_ns;
  cell->mode = mode;
  if (!cell->generation++) {
    error = bpf_timer_init(&cell->timer, &timer_cells, 1 /* CLOCK_MONOTONIC */);
    if (error) return error;
  }
  error = mode == CELL_PERIODIC ? bpf_timer_set_callback(&cell->timer, on_expiry)
                                : bpf_timer_set_callback(&cell->timer, on_one_shot);
  if (error) return error;
  return bpf_timer_start(&cell->timer, period_ns, 0);
}

SEC("syscall")
int control(struct control_request *request) {
  struct control_request copy = *request;
  struct timer_cell *cell;
  __u64 fired = 0;

  calls[copy.operation & 7]++;
  switch (copy.operation) {
    case CONTROL_ARM:
      cell = find_cell(copy.index);
      if (!cell) return -2;
      return arm(cell, copy.period_ns, copy.mode);
    case CONTROL_CANCEL:
      cell = find_cell(copy.index);
      if (!cell) return -2;
      return bpf_timer_cancel(&cell->timer);
    case CONTROL_SWEEP:
      bpf_for_each_map_elem(&timer_cells, on_sweep, &fired, 0);
      request->answer = fired;
      return 0;
    case CONTROL_FILL:
      return bpf_loop(copy.count, fill_slot, &copy, 0);
    case CONTROL_SUM:
      request->answer = bucket_sum(copy.index);
      return 0;
  }
  return -22;
}

/* The stage of packets that start a far timer: enough to see that one is armed from another kind of program. */
SEC("xdp")
int stage_timer(struct xdp_md *ctx) {
  struct timer_cell *cell = find_cell(ctx->data_end - ctx->data > 64 ? 6 : 7);

  if (!cell || arm(cell, 3600000000000ull, CELL_ONE_SHOT)) return XDP_ABORTED;
  return bpf_timer_cancel(&cell->timer) == 1 ? XDP_TX : XDP_DROP;
}

BPF_LICENSE("GPL");
