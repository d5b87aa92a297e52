// SPDX-License-Identifier: Apache-2.0
/*
 * What the programs do when no policy is linked in: trace everything, keep every event. All of it is weak. A program
 * compiled as one file takes the strong definitions alone.
 */
#include "exec.h"

/* Names that is_known() accepts. */
static const volatile char known[2][TASK_COMM_LEN] = {"init", "systemd"};

/* Events looked up here. Other files have statics of this name. */
static volatile __u64 calls;

#ifndef WHOLE_PROGRAM
__weak __u32 sample_every = 1;
__weak const volatile __u32 minimum_uid = 0;

__weak int should_trace(const struct exec_event *event) {
  calls++;
  return event != 0;
}
#endif

static __always_inline bool same_name(const char *name, const volatile char *wanted) {
  for (int i = 0; i < TASK_COMM_LEN; i++) {
    if (name[i] != wanted[i]) return false;
    if (!name[i]) return true;
  }
  return true;
}

/* No other file replaces this one: a weak definition alone is the definition. */
__weak int is_known(const struct exec_event *event) {
  if (!event) return 0;
  calls++;
  return same_name(event->comm, known[0]) || same_name(event->comm, known[1]);
}

BPF_LICENSE("GPL");
