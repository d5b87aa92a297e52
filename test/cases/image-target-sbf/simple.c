#include "bpf.h"

static __noinline __u64 middle(__u64 a, __u64 b) { return (a ^ b) >> 1; }
__u64 entrypoint(__u64 input) { return middle(input, 6) + 1; }
