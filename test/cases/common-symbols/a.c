#include "bpf.h"

int common_value;
__u8 common_bytes[6];

SEC("socket")
int common_a(void *ctx) {
  return common_value + common_bytes[1];
}
