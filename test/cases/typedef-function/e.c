#include "bpf.h"

/* Before C23 empty parentheses say nothing of the parameters. */
extern __u64 typedef_add();

SEC("socket")
int typedef_open(void *ctx) {
  return typedef_add(1ull, 2ull);
}
