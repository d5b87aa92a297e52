#include "bpf.h"

__u64 icf_eb_value = 7;

__noinline static __u64 icf_eb_first(__u64 x) {
  barrier();
  return x + icf_eb_value + 0x100000000;
}

__noinline static __u64 icf_eb_second(__u64 x) {
  barrier();
  return x + icf_eb_value + 0x100000000;
}

static long icf_eb_each(__u32 index, void *ctx) {
  return index > icf_eb_second(index);
}

static long icf_eb_every(__u32 index, void *ctx) {
  return index > icf_eb_first(index);
}

SEC("socket")
int icf_eb(void *ctx) {
  __u64 x = icf_eb_value;
  return icf_eb_second(x) + icf_eb_first(x) + bpf_loop(3, icf_eb_each, 0, 0) +
         bpf_loop(3, icf_eb_every, 0, 0);
}
