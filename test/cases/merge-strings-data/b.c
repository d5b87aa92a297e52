#include "bpf.h"

const char *textptr_shared_b = "pointed at";
const char *textptr_own_b = "only in b";

SEC("socket")
int textptr_b(void *ctx) {
  bpf_trace_printk("printed", 8);
  return (textptr_shared_b != 0) + (textptr_own_b != 0);
}
