#include "usdt.h"

extern __u64 usdt_first;

SEC("usdt//proc/self/exe:provider:second")
int usdt_b(struct pt_regs *ctx) {
  usdt_first += bpf_usdt_arg_cnt(ctx) * 100;
  return 0;
}

SEC("usdt")
int usdt_c(struct pt_regs *ctx) {
  return bpf_usdt_arg_cnt(ctx);
}

char usdt_license[] SEC("license") = "GPL";
