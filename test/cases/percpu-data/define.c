#include "pd.h"

static __u32 pd_private __percpu = 2;
__u64 pd_packets __percpu = 7;
struct pd_counters pd_counters __percpu = {.bytes = 60};

SEC("tc")
int pd_define(struct __sk_buff *ctx) {
  pd_packets += pd_private++;
  return 0;
}
