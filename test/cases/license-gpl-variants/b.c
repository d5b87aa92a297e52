#include "bpf.h"

char license_dual[] SEC("license") = "Dual BSD/GPL";

SEC("socket")
int license_variant_b(void *ctx) {
  return 2;
}
