#include "bpf.h"

static __noinline __u64 inner(__u64 *values) { __u64 copy[2] = { values[1], values[0] }; barrier(); asm volatile("" :: "r"(copy)); return copy[0]; }
__u64 entrypoint(__u64 input) { __u64 values[2] = { input, 2 }; return inner(values); }
