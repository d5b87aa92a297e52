#include "cs.h"

__u64 cs_hits SEC(".data.counters") = 4;
__u32 cs_scratch[4] SEC(".bss.scratch");
static __u32 cs_own SEC(".data.counters") = 1;

SEC("tc")
int cs_a(struct __sk_buff *ctx) {
  cs_hits += cs_own++;
  cs_scratch[1] += cs_limits[1];
  return cs_hits;
}

SEC("?tc")
int cs_left(struct __sk_buff *ctx) {
  return cs_scratch[0];
}
