// SPDX-License-Identifier: Apache-2.0
/*
 * The same program compiled as one file, to hold the linked one against. Statics of equal names get the name of their
 * file; everything else is as in the parts.
 */
#define WHOLE_PROGRAM

#include "tables.bpf.c"

#define calls calls__buckets
#include "buckets.bpf.c"
#undef calls

#define calls calls__callbacks
#include "callbacks.bpf.c"
#undef calls

#define calls calls__timers
#include "timers.bpf.c"
#undef calls

#define calls calls__stages
#include "stages.bpf.c"
#undef calls

#define calls calls__congestion
#include "congestion.bpf.c"
#undef calls

#define calls calls__dummy
#include "dummy.bpf.c"
#undef calls

char LICENSE[] SEC("license") = "GPL";
