#include "bpf.h"

static const __u64 parts[] = { 2, 3, 5, 7 };

__noinline __u64 ubpf_step(__u64 value) { return value + 1; }
__u64 ubpf_part(__u32 i) { return ubpf_step(parts[i & 3]); }
