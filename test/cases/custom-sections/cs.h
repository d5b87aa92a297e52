#include "kernel.h"

extern __u64 cs_hits SEC(".data.counters");
extern const volatile __u32 cs_limits[2] SEC(".rodata.limits");
extern __u32 cs_scratch[4] SEC(".bss.scratch");
