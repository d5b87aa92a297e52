#include "bpf.h"

int dropped_value;

SEC("socket")
int dropped_a(void *ctx) {
  return dropped_value;
}
