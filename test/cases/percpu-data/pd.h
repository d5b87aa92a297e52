#include "kernel.h"

#define __percpu SEC(".percpu")

extern __u64 pd_packets;

struct pd_counters {
  __u32 dropped;
  __u64 bytes;
};
extern struct pd_counters pd_counters;
