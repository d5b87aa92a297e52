#include "bpf.h"

SEC("socket")
int strings_b(void *ctx) {
  bpf_trace_printk("only in b", 10);
  bpf_trace_printk("shared text", 12);
  bpf_trace_printk("text", 5);
  return 0;
}
