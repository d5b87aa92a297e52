#include "bpf.h"

SEC("socket")
int order_b(void *ctx) {
  return 1;
}
