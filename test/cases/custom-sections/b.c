#include "cs.h"

const volatile __u32 cs_limits[2] SEC(".rodata.limits") = {3, 50};
static __u32 cs_own SEC(".data.counters") = 1;
static __u8 cs_pad SEC(".bss.scratch");

SEC("tc/ingress")
int cs_b(struct __sk_buff *ctx) {
  cs_pad++;
  cs_hits += cs_own;
  return cs_hits * 100 + cs_scratch[1] + cs_limits[0];
}
