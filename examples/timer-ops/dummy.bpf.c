// SPDX-License-Identifier: Apache-2.0
/* Operations of bpf_dummy_ops, which the kernel keeps so that struct_ops programs can be run by a test. */
#include "ops.h"

/* Calls by operation. Other files have statics of this name. */
static __u64 calls[2];

static __noinline __u64 tripled(__u64 value) {
  calls[value ? 0 : 1]++;
  return value * 3;
}

SEC("struct_ops/count_state")
int count_state(__u64 *ctx) {
  struct bpf_dummy_ops_state *state = (struct bpf_dummy_ops_state *)ctx[0];
  int before;

  if (!state) return 0x1234;
  before = state->val;
  state->val = tripled(before) + weight_of(before);
  expiries++;
  return before;
}

SEC("struct_ops/add_arguments")
int add_arguments(__u64 *ctx) {
  struct bpf_dummy_ops_state *state = (struct bpf_dummy_ops_state *)ctx[0];
  int first = ctx[1];
  unsigned short second = ctx[2];
  char third = ctx[3];

  state->val = first + second;
  return tripled(third) + ctx[4];
}

BPF_LICENSE("GPL");
