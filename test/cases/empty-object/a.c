#include "bpf.h"

SEC("socket")
int beside_empty(void *ctx) {
  return 1;
}
