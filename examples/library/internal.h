/* SPDX-License-Identifier: Apache-2.0 */
/* What the files of libguard share. Hidden: a program that links the library can neither replace nor export it. */
#ifndef GUARD_INTERNAL_H
#define GUARD_INTERNAL_H

#include "guard.h"

/* hash.bpf.c. */
__hidden __u32 guard_hash(__u32 source);

#endif
