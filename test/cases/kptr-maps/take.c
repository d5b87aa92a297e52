#include "kptr.h"

SEC("syscall")
int kp_take(void *ctx) {
  struct task_struct *task;
  struct kp_value *slot;
  __u32 key = 0;
  int same;

  slot = bpf_map_lookup_elem(&kp_slots, &key);
  if (!slot) return -1;
  task = bpf_kptr_xchg(&slot->task, 0);
  if (!task) return -2;
  same = task->pid == (__u32)bpf_get_current_pid_tgid();
  bpf_task_release(task);
  return slot->puts * 10 + same;
}

char kp_license[] SEC("license") = "GPL";
