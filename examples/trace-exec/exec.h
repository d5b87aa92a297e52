/* SPDX-License-Identifier: Apache-2.0 */
/* What the files share: the event sent to user space, the totals, the settings, and each other's functions. */
#ifndef TRACE_EXEC_H
#define TRACE_EXEC_H

#include "../include/bpf_core.h"
#include "../include/bpf_helpers.h"

#define FILE_NAME_LEN 48

enum event_kind {
  EVENT_EXEC = 1,
  EVENT_EXIT,
  EVENT_SIMULATED,
};

enum event_flags {
  EVENT_ROOT = 1 << 0,
  EVENT_KERNEL_THREAD = 1 << 1,
  EVENT_FILE_UNREADABLE = 1 << 2,
};

struct exec_event {
  __u64 time_ns;
  __u32 sequence;
  __u32 pid;
  __u32 tgid;
  __u32 parent;
  __u32 uid;
  __u16 kind;
  __u16 flags;
  char comm[TASK_COMM_LEN];
  char file[FILE_NAME_LEN];
};

struct exec_totals {
  __u64 seen;
  __u64 traced;
  __u64 filtered;
  __u64 unreadable;
  __u64 lost;
};

/* What a user asks of the program in section "syscall", and its answer. */
enum request_operation {
  REQUEST_SIMULATE,
  REQUEST_BOOT_TASK,
  REQUEST_TICKS,
  REQUEST_LAYOUT,
};

struct exec_request {
  __u32 operation;
  __u32 pid;
  __u32 uid;
  __u32 reserved;
  __u64 time_ns;
  char comm[TASK_COMM_LEN];
  __u64 answer;
};

struct events_map {
  __uint(type, BPF_MAP_TYPE_RINGBUF);
  __uint(max_entries, 64 * 1024);
};

struct starts_map {
  __uint(type, BPF_MAP_TYPE_HASH);
  __uint(max_entries, 1024);
  __type(key, __u32);
  __type(value, __u64);
};

extern struct events_map events SEC(".maps"); /* output.bpf.c */
extern struct starts_map starts SEC(".maps"); /* programs.bpf.c */

/* output.bpf.c. */
extern struct exec_totals totals;
extern __u32 next_sequence;
int send_event(const struct exec_event *event);
__u64 ticks_of(__u64 ns);

/* task.bpf.c. Hidden: they take kernel pointers, so the verifier follows them from each caller. */
__hidden int describe_task(struct exec_event *event, struct task_struct *task);
__hidden int describe_program(struct exec_event *event, struct linux_binprm *program);
__hidden __u64 boot_task_pid(void);
int kernel_layout(__u32 question);

/* Settings and the filter: defaults.bpf.c has weak ones, policy.bpf.c replaces them. */
extern __u32 sample_every;
extern const volatile __u32 minimum_uid;
int should_trace(const struct exec_event *event);
int is_known(const struct exec_event *event);

#endif
