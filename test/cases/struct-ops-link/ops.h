#include "kernel.h"

struct bpf_dummy_ops_state {
  int val;
};

struct bpf_dummy_ops {
  int (*test_1)(struct bpf_dummy_ops_state *state);
  int (*test_2)(struct bpf_dummy_ops_state *state, int a1, unsigned short a2, char a3, unsigned long a4);
  int (*test_sleepable)(struct bpf_dummy_ops_state *state);
};

extern int sol_first(__u64 *ctx);
extern int sol_second(__u64 *ctx);
extern int sol_optional(__u64 *ctx);
extern int sol_weigh(int value);
