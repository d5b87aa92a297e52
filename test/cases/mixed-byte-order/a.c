#include "bpf.h"

SEC("socket")
int order_a(void *ctx) {
  return 1;
}
