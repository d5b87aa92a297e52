#include "ops.h"

static __noinline int sol_twice(int value) {
  barrier();
  return value * 2;
}

SEC("struct_ops/test_1")
int sol_first(__u64 *ctx) {
  struct bpf_dummy_ops_state *state = (void *)ctx[0];

  if (!state) return 0x77;
  state->val = sol_weigh(sol_twice(state->val));
  return state->val;
}

SEC("struct_ops/test_2")
int sol_second(__u64 *ctx) {
  return sol_weigh((int)ctx[1]);
}

SEC("?struct_ops/test_1")
int sol_optional(__u64 *ctx) {
  return 3;
}

char sol_license[] SEC("license") = "GPL";
