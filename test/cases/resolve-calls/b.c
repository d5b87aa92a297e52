#include "bpf.h"

__u64 resolve_far(__u64 value) { return value + 11; }
