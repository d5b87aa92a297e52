/* SPDX-License-Identifier: Apache-2.0 */
/* The interface of libguard: what a program that links it may call, replace and set. */
#ifndef GUARD_H
#define GUARD_H

#include "../include/bpf_helpers.h"

/* limit.bpf.c. Whether a packet of this source may pass: each source has guard_burst packets a second. */
int guard_allow(__u32 source, __u32 length);

/*
 * A hook: called with every packet that is over the limit, answers whether to drop it. The library's own drops; a
 * program that defines the function replaces it.
 */
int guard_on_excess(__u32 source, __u32 length);

/* Packets a second for each source. */
extern __u32 guard_burst;

/* report.bpf.c. Counts what became of a packet, for a user to read from the map guard_outcomes. */
int guard_report(__u32 dropped, __u32 length);

#endif
