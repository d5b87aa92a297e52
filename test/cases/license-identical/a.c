#include "bpf.h"

char LICENSE[] SEC("license") = "GPL";
__u32 VERSION SEC("version") = 0x60c00;

SEC("socket")
int license_same_a(void *ctx) {
  return 1;
}
