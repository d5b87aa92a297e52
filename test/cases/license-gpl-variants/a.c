#include "bpf.h"

char license_gpl[] SEC("license") = "GPL";

SEC("socket")
int license_variant_a(void *ctx) {
  return 1;
}
