// SPDX-License-Identifier: Apache-2.0
/* Functions the kernel calls back, for timers and loops of other files. */
#include "ops.h"

__u64 expiries;

/* Calls by callback. Other files have statics of this name. */
static volatile __u64 calls[4];

/* How much each mode of a cell adds to a bucket when it fires. */
static const volatile __u64 weights[] = {[CELL_ONE_SHOT] = 1, [CELL_PERIODIC] = 100};

static __noinline __u64 weight(__u32 mode) {
  return weights[mode & 1];
}

__u64 weight_of(__u32 mode) {
  calls[3]++;
  return weight(mode);
}

__hidden int on_expiry(void *map, __u32 *key, struct timer_cell *cell) {
  calls[0]++;
  expiries++;
  cell->fired++;
  bucket_add(2, *key, weight(cell->mode));
  if (cell->mode == CELL_PERIODIC && cell->fired < 3) bpf_timer_start(&cell->timer, cell->period_ns, 0);
  return 0;
}

__hidden int sum_slot(void *map, __u32 *slot, __u64 *amount, __u64 *sum) {
  calls[1]++;
  *sum += *amount;
  return 0;
}

__hidden int fill_slot(__u32 slot, struct control_request *request) {
  calls[2]++;
  return bucket_add(request->index, slot, request->period_ns + slot) != 0;
}

BPF_LICENSE("GPL");
