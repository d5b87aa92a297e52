#include "ks.h"

extern const void bpf_map_put __ksym __weak;

SEC("raw_tp")
int ks_a(void *ctx) {
  int sum = 0;

  if (ks_address(schedule)) sum += 1;
  if (&bpf_map_put) sum += 2;
  if (&ks_no_kernel_has_this) sum += 4;
  if (&ks_typed_no_kernel_has_this) sum += 8;
  return sum + ks_other();
}

char ks_license[] SEC("license") = "GPL";
