#include "bpf.h"

char _license[] SEC("license") = "GPL";
__u32 _version SEC("version") = 0x60c00;

SEC("socket")
int license_same_b(void *ctx) {
  return 2;
}
