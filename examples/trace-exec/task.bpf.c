// SPDX-License-Identifier: Apache-2.0
/* Reads tasks and programs being executed, wherever the running kernel keeps their members. */
#include "exec.h"

#define PF_KTHREAD 0x00200000

/* Kernel functions, and an object whose type BTF does not tell, which only kernels with CONFIG_KALLSYMS_ALL name. */
extern void bpf_rcu_read_lock(void) __ksym;
extern void bpf_rcu_read_unlock(void) __ksym;
extern void init_task __ksym __weak;

/* Reads by outcome: a read task, an unreadable one. Other files have statics of this name. */
static __u64 calls[2];

/* Longest file name seen, without its end. */
__u32 longest_file_name;

static __noinline int finish(int error) {
  calls[error ? 1 : 0]++;
  return error ? -1 : 0;
}

static __always_inline int read_parent(struct exec_event *event, struct task_struct *task) {
  struct task_struct *parent = 0;
  int error = core_read(&parent, task, real_parent);

  if (!error) error = core_read(&event->parent, parent, tgid);
  return error;
}

static __always_inline int read_credentials(struct exec_event *event, struct task_struct *task) {
  const struct cred *cred = 0;
  int error = core_read(&cred, task, cred);

  if (!error) error = core_read(&event->uid, cred, uid.val);
  if (!error && !event->uid) event->flags |= EVENT_ROOT;
  return error;
}

__hidden int describe_task(struct exec_event *event, struct task_struct *task) {
  __u32 flags = 0;
  int error;

  bpf_rcu_read_lock();
  error = core_read(&event->pid, task, pid);
  if (!error) error = core_read(&event->tgid, task, tgid);
  if (!error) error = read_parent(event, task);
  if (!error) error = read_credentials(event, task);
  if (!error) error = core_read(&event->comm, task, comm);
  if (!error && core_field_exists(struct task_struct, flags)) error = core_read(&flags, task, flags);
  bpf_rcu_read_unlock();
  if (flags & PF_KTHREAD) event->flags |= EVENT_KERNEL_THREAD;
  return finish(error);
}

__hidden int describe_program(struct exec_event *event, struct linux_binprm *program) {
  const char *name = 0;
  long length;

  if (core_read(&name, program, filename)) goto unreadable;
  length = bpf_probe_read_kernel_str(event->file, sizeof(event->file), name);
  if (length <= 0) goto unreadable;
  if (length - 1 > longest_file_name) longest_file_name = length - 1;
  return 0;

unreadable:
  event->flags |= EVENT_FILE_UNREADABLE;
  return -1;
}

__hidden __u64 boot_task_pid(void) {
  const struct task_struct *task = (const struct task_struct *)&init_task;
  pid_t pid = -1;

  if (!task || core_read(&pid, task, pid)) return ~0ull;
  return (__u32)pid;
}

int kernel_layout(__u32 question) {
  switch (question) {
    case 0:
      return core_type_size(struct task_struct) > 0;
    case 1:
      return core_type_exists(struct linux_binprm);
    case 2:
      return core_enum_value(enum pid_type, PIDTYPE_SID);
    case 3:
      return core_field_exists(struct task_struct, comm);
  }
  return -1;
}

BPF_LICENSE("GPL");
