#include "ex.h"

static __noinline int ex_weigh(__u64 value) {
  barrier();
  return value;
}

__noinline int ex_check(int value) {
  if (value > 64) bpf_throw(7);
  return ex_weigh(value);
}

char ex_license[] SEC("license") = "GPL";
