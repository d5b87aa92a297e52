/* SPDX-License-Identifier: Apache-2.0 */
/*
 * CO-RE accesses: each leaves a relocation in .BTF.ext that the loader settles against the running kernel's types.
 * The second argument of each builtin selects the question, in a numbering of its own: of a field, 2 is existence; of
 * a type, 0 is existence and 1 is size; of an enumerator, 1 is its value.
 */
#ifndef EXAMPLES_BPF_CORE_H
#define EXAMPLES_BPF_CORE_H

#include "bpf_helpers.h"

#define core_field_exists(type, field) __builtin_preserve_field_info(((type *)0)->field, 2)
#define core_type_exists(type) __builtin_preserve_type_info(*(type *)0, 0)
#define core_type_size(type) __builtin_preserve_type_info(*(type *)0, 1)
#define core_enum_value(type, enumerator) \
  __builtin_preserve_enum_value(*(type *)enumerator, 1)

/* Copies one field of a kernel object through bpf_probe_read_kernel(); 0, or a negative errno. */
#define core_read(to, from, field) \
  bpf_probe_read_kernel(to, sizeof(*(to)), (const void *)__builtin_preserve_access_index(&(from)->field))

#endif
