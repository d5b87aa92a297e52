#include "bpf.h"

__u64 library_limit = 100;
__u64 *library_slot = &library_limit;

__u64 library_get(__u32 i) { return library_limit + i; }
