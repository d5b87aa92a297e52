// SPDX-License-Identifier: Apache-2.0
/*
 * The same program compiled as one file, to hold the linked one against. Statics of equal names get the name of their
 * file; everything else is as in the parts.
 */
#define WHOLE_PROGRAM

#include "tables.bpf.c"

#define calls calls__buckets
#define find find__buckets
#include "buckets.bpf.c"
#undef calls
#undef find

#define calls calls__callbacks
#define find find__callbacks
#include "callbacks.bpf.c"
#undef calls
#undef find

#define calls calls__timers
#define find find__timers
#include "timers.bpf.c"
#undef calls
#undef find

#define calls calls__stages
#define find find__stages
#include "stages.bpf.c"
#undef calls
#undef find

#define calls calls__congestion
#define find find__congestion
#include "congestion.bpf.c"
#undef calls
#undef find

#define calls calls__dummy
#define find find__dummy
#include "dummy.bpf.c"
#undef calls
#undef find

char LICENSE[] SEC("license") = "GPL";
