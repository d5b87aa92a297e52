#include "bpf.h"

const char *textptr_shared_a = "pointed at";
const char *textptr_own_a = "only in a";

SEC("socket")
int textptr_a(void *ctx) {
  bpf_trace_printk("printed", 8);
  return (textptr_shared_a != 0) + (textptr_own_a != 0);
}
