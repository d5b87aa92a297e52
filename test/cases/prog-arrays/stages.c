#include "pa.h"

__u32 pa_steps;

SEC("tc")
int pa_short(void *ctx) {
  pa_steps++;
  return 10 + pa_steps;
}

SEC("tc")
int pa_long(void *ctx) {
  pa_steps++;
  bpf_tail_call(ctx, &pa_table, 0);
  return -1;
}

char pa_license[] SEC("license") = "GPL";
