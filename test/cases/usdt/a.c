#include "usdt.h"

__u64 usdt_first;

SEC("usdt//proc/self/exe:provider:first")
int usdt_a(struct pt_regs *ctx) {
  usdt_first += bpf_usdt_arg_cnt(ctx);
  return 0;
}

char usdt_license[] SEC("license") = "GPL";
