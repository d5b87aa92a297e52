// SPDX-License-Identifier: Apache-2.0
/* A policy for a shared machine: programs of people, one in two, and those on a list of names. */
#include "exec.h"

struct watched_name {
  char comm[TASK_COMM_LEN];
  __u32 minimum_uid;
};

/* Replace the defaults. */
__u32 sample_every = 2;
const volatile __u32 minimum_uid = 1000;

/* Events by answer: not traced, traced. Other files have statics of this name. */
static __u64 calls[2];

/* Programs traced whoever runs them. */
const volatile struct watched_name watched[] = {
  {.comm = "sudo", .minimum_uid = 0},
  {.comm = "sshd", .minimum_uid = 0},
  {.comm = "cron", .minimum_uid = 1},
};

static __noinline int finish(int answer) {
  calls[answer & 1]++;
  return answer;
}

static __noinline int is_watched(const struct exec_event *event) {
  for (__u32 entry = 0; entry < sizeof(watched) / sizeof(watched[0]); entry++) {
    int i;

    if (event->uid < watched[entry].minimum_uid) continue;
    for (i = 0; i < TASK_COMM_LEN; i++) {
      if (event->comm[i] != watched[entry].comm[i] || !event->comm[i]) break;
    }
    if (i == TASK_COMM_LEN || event->comm[i] == watched[entry].comm[i]) return 1;
  }
  return 0;
}

int should_trace(const struct exec_event *event) {
  if (!event) return 0;
  if (event->flags & EVENT_KERNEL_THREAD) return finish(0);
  if (is_known(event)) return finish(0);
  if (event->uid >= minimum_uid) return finish(1);
  return finish(is_watched(event));
}

BPF_LICENSE("GPL");
