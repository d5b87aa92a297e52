#include "bpf.h"

int common_value = 7;

SEC("socket")
int common_c(void *ctx) {
  return common_value;
}
