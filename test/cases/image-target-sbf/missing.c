#include "bpf.h"

extern __u64 missing_variable;

__u64 entrypoint(void) { return missing_variable; }
