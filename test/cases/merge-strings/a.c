#include "bpf.h"

SEC("socket")
int strings_a(void *ctx) {
  bpf_trace_printk("shared text", 12);
  bpf_trace_printk("only in a", 10);
  return 0;
}
