/* SPDX-License-Identifier: Apache-2.0 */
/* What the files share: requests, timers, buckets, and the functions that tables of addresses name. */
#ifndef TIMER_OPS_H
#define TIMER_OPS_H

#include "../include/bpf_core.h"
#include "../include/bpf_helpers.h"

#define CELLS 8
#define BUCKETS 4
#define BUCKET_SLOTS 16
#define STAGES 4

enum cell_mode {
  CELL_ONE_SHOT,
  CELL_PERIODIC,
};

struct timer_cell {
  struct bpf_timer timer;
  __u64 period_ns;
  __u64 fired;
  __u32 mode;
  __u32 generation;
};

enum control_operation {
  CONTROL_ARM,
  CONTROL_CANCEL,
  CONTROL_SWEEP,
  CONTROL_FILL,
  CONTROL_SUM,
};

/* What user space asks of control(), and the answer it gets back. */
struct control_request {
  __u32 operation;
  __u32 index;
  __u32 mode;
  __u32 count;
  __u64 period_ns;
  __u64 answer;
};

struct timer_cells_map {
  __uint(type, BPF_MAP_TYPE_ARRAY);
  __uint(max_entries, CELLS);
  __type(key, __u32);
  __type(value, struct timer_cell);
};

/* The inner map of buckets. */
struct bucket_map {
  __uint(type, BPF_MAP_TYPE_ARRAY);
  __uint(max_entries, BUCKET_SLOTS);
  __type(key, __u32);
  __type(value, __u64);
};

struct buckets_map {
  __uint(type, BPF_MAP_TYPE_ARRAY_OF_MAPS);
  __uint(max_entries, BUCKETS);
  __type(key, __u32);
  __array(values, struct bucket_map);
};

struct stages_map {
  __uint(type, BPF_MAP_TYPE_PROG_ARRAY);
  __uint(max_entries, STAGES);
  __uint(key_size, sizeof(__u32));
  __array(values, int(struct xdp_md *));
};

extern struct timer_cells_map timer_cells SEC(".maps"); /* timers.bpf.c */
extern struct bucket_map fast_bucket SEC(".maps");      /* buckets.bpf.c */
extern struct bucket_map slow_bucket SEC(".maps");      /* timers.bpf.c */

/* buckets.bpf.c. */
int bucket_add(__u32 bucket, __u32 slot, __u64 amount);
__u64 bucket_sum(__u32 bucket);
extern __u64 bucket_misses;

/* callbacks.bpf.c. What the kernel calls back is hidden, as it takes only static functions. */
__hidden int on_expiry(void *map, __u32 *key, struct timer_cell *cell);
__hidden int sum_slot(void *map, __u32 *slot, __u64 *amount, __u64 *sum);
__hidden int fill_slot(__u32 slot, struct control_request *request);
__u64 weight_of(__u32 mode);
extern __u64 expiries;

/* stages.bpf.c and timers.bpf.c: programs that tail calls reach. */
int stage_length(struct xdp_md *ctx);
int stage_protocol(struct xdp_md *ctx);
int stage_timer(struct xdp_md *ctx);

/* congestion.bpf.c and dummy.bpf.c: programs that the tables in tables.bpf.c name. */
int steady_ssthresh(__u64 *ctx);
int steady_cong_avoid(__u64 *ctx);
int steady_undo_cwnd(__u64 *ctx);
int steady_set_state(__u64 *ctx);
int steady_init(__u64 *ctx);
int count_state(__u64 *ctx);
int add_arguments(__u64 *ctx);

#endif
