#include "ur.h"

__u64 ur_seen;

__hidden long ur_request(struct bpf_dynptr *sample, __u64 *sum) {
  __u64 value;

  if (bpf_dynptr_read(&value, sizeof(value), sample, 0, 0)) return 1;
  *sum += value;
  ur_seen++;
  return 0;
}

char ur_license[] SEC("license") = "GPL";
