#include "bpf.h"

extern __u64 big_pick(__u32 i);

__u64 big_go(__u32 *input) { return big_pick(*input) + 0x0123456789abcdefULL; }
