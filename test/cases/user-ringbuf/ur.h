#include "kernel.h"

struct ur_map {
  __uint(type, MAP_USER_RINGBUF);
  __uint(max_entries, 4096);
};

extern struct ur_map ur_requests SEC(".maps");
extern __u64 ur_seen;

__hidden extern long ur_request(struct bpf_dynptr *sample, __u64 *sum);
