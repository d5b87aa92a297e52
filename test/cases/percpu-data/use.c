#include "pd.h"

__u8 pd_odd __percpu = 1;

SEC("tc")
int pd_use(struct __sk_buff *ctx) {
  pd_odd++;
  pd_counters.bytes += ctx->len;
  return pd_packets;
}
