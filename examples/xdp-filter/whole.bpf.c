// SPDX-License-Identifier: Apache-2.0
/*
 * The same program compiled as one file, to hold the linked one against. Statics of equal names get the name of their
 * file; everything else is as in the parts.
 */
#define WHOLE_PROGRAM

#define calls calls__filter
#define classify classify__filter
#include "filter.bpf.c"
#undef calls
#undef classify

#define calls calls__parser
#define classify classify__parser
#include "parser.bpf.c"
#undef calls
#undef classify

#define calls calls__policy
#define classify classify__policy
#include "policy.bpf.c"
#undef calls
#undef classify

#define calls calls__stats
#define classify classify__stats
#include "stats.bpf.c"
#undef calls
#undef classify

char LICENSE[] SEC("license") = "GPL";
