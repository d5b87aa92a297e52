#include "bpf.h"

static __noinline __u64 twice(__u64 value) { return value * 2; }
static __noinline __u64 same(__u64 value) { return value; }
__u64 (*const pointers_table[])(__u64) = { twice, same };

__u64 pointers_main(__u32 *input) { return pointers_table[*input & 1](3); }
