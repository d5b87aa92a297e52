#include "ks.h"

extern const void bpf_prog_put __ksym;

__noinline int ks_other(void) {
  int sum = 0;

  if (ks_address(schedule)) sum += 16;
  if (ks_address(bpf_prog_put)) sum += 32;
  if (&ks_no_kernel_has_this) sum += 64;
  if (&ks_typed_no_kernel_has_this) sum += 128;
  return sum;
}

char ks_license[] SEC("license") = "GPL";
