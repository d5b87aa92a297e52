// SPDX-License-Identifier: Apache-2.0
/*
 * The same program compiled as one file, to hold the linked one against. Statics of equal names get the name of their
 * file; everything else is as in the parts.
 */
#define WHOLE_PROGRAM

#define calls calls__filter
#include "filter.bpf.c"
#undef calls

#define calls calls__parser
#include "parser.bpf.c"
#undef calls

#define calls calls__policy
#include "policy.bpf.c"
#undef calls

#define calls calls__stats
#include "stats.bpf.c"
#undef calls

char LICENSE[] SEC("license") = "GPL";
