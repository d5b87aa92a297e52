// SPDX-License-Identifier: Apache-2.0
/*
 * The same program compiled as one file, to hold the linked one against. Statics of equal names get the name of their
 * file; everything else is as in the parts.
 */
#define WHOLE_PROGRAM

#define calls calls__programs
#define finish finish__programs
#include "programs.bpf.c"
#undef calls
#undef finish

#define calls calls__task
#define finish finish__task
#include "task.bpf.c"
#undef calls
#undef finish

#define calls calls__defaults
#include "defaults.bpf.c"
#undef calls

#define calls calls__policy
#define finish finish__policy
#include "policy.bpf.c"
#undef calls
#undef finish

#define calls calls__output
#define finish finish__output
#include "output.bpf.c"
#undef calls
#undef finish

char LICENSE[] SEC("license") = "GPL";
