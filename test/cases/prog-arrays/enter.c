#include "pa.h"

SEC("tc")
int pa_enter(void *ctx) {
  pa_steps = 5;
  bpf_tail_call(ctx, &pa_table, 3);
  return -2;
}

SEC("tc")
int pa_absent(void *ctx) {
  bpf_tail_call(ctx, &pa_table, 1);
  return 77;
}

char pa_license[] SEC("license") = "GPL";
