#include "ex.h"

static __noinline int ex_weigh(__u64 cookie) {
  barrier();
  return cookie * 3;
}

__noinline int ex_callback(__u64 cookie) {
  return ex_weigh(cookie) + 1000;
}

char ex_license[] SEC("license") = "GPL";
