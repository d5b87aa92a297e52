// SPDX-License-Identifier: Apache-2.0
/* The programs: one for each way the kernel tells of a new program, and one that user space runs by itself. */
#include "exec.h"

struct starts_map starts SEC(".maps");

/* Events by kind. Other files have statics of this name. */
static __u64 calls[4];

/* Ring buffer positions are no use to a program that only counts: the tracepoint fills this instead. */
__u64 execs_by_cpu[64];

static __noinline int finish(struct exec_event *event) {
  calls[event->kind & 3]++;
  totals.seen++;
  if (!should_trace(event)) {
    totals.filtered++;
    return 0;
  }
  event->sequence = next_sequence++;
  if (sample_every > 1 && event->sequence % sample_every) return 0;
  return send_event(event);
}

/* (struct task_struct *task, pid_t old_pid, struct linux_binprm *program) */
SEC("raw_tp/sched_process_exec")
int on_exec(struct bpf_raw_tracepoint_args *ctx) {
  struct task_struct *task = (struct task_struct *)ctx->args[0];
  struct linux_binprm *program = (struct linux_binprm *)ctx->args[2];
  struct exec_event event = {.kind = EVENT_EXEC};

  if (describe_task(&event, task)) {
    totals.unreadable++;
    return -1;
  }
  describe_program(&event, program);
  event.time_ns = bpf_ktime_get_ns();
  bpf_map_update_elem(&starts, &event.tgid, &event.time_ns, BPF_ANY);
  return finish(&event);
}

SEC("tracepoint/sched/sched_process_exec")
int count_exec(struct trace_event_raw_sched_process_exec *ctx) {
  __u32 cpu = bpf_get_smp_processor_id();

  if (ctx->pid != ctx->old_pid) totals.unreadable++;
  execs_by_cpu[cpu & 63]++;
  return 0;
}

/* (struct task_struct *task, bool group_dead): typed, so members are read in place. */
SEC("tp_btf/sched_process_exit")
int on_exit(__u64 *ctx) {
  struct task_struct *task = (struct task_struct *)ctx[0];
  struct exec_event event = {.kind = EVENT_EXIT};
  __u64 *start;

  event.pid = task->pid;
  event.tgid = task->tgid;
  if (event.pid != event.tgid) return 0;
  start = bpf_map_lookup_elem(&starts, &event.tgid);
  if (!start) return 0;
  event.time_ns = bpf_ktime_get_ns() - *start;
  bpf_map_delete_elem(&starts, &event.tgid);
  event.uid = task->cred->uid.val;
  bpf_probe_read_kernel_str(event.comm, sizeof(event.comm), task->comm);
  return finish(&event);
}

/* (struct linux_binprm *program). The question mark leaves it to the user to load: not every kernel has trampolines. */
SEC("?fentry/begin_new_exec")
int before_exec(__u64 *ctx) {
  struct linux_binprm *program = (struct linux_binprm *)ctx[0];

  if (program->argc > 4096) totals.lost++;
  return 0;
}

/* Lets user space put events through the same path, and ask what the program knows of the kernel. */
SEC("syscall")
int serve_request(struct exec_request *request) {
  struct exec_event event = {.kind = EVENT_SIMULATED};

  switch (request->operation) {
    case REQUEST_SIMULATE:
      event.time_ns = request->time_ns;
      event.pid = event.tgid = request->pid;
      event.uid = request->uid;
      if (!event.uid) event.flags |= EVENT_ROOT;
      __builtin_memcpy(event.comm, request->comm, sizeof(event.comm));
      request->answer = totals.seen;
      return finish(&event);
    case REQUEST_BOOT_TASK:
      request->answer = boot_task_pid();
      return 0;
    case REQUEST_TICKS:
      request->answer = ticks_of(request->time_ns);
      return 0;
    case REQUEST_LAYOUT:
      request->answer = kernel_layout(request->pid);
      return 0;
  }
  return -22;
}

BPF_LICENSE("GPL");
