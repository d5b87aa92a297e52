#include "kptr.h"

SEC("syscall")
int kp_put(void *ctx) {
  struct task_struct *task = bpf_task_acquire(bpf_get_current_task_btf());
  struct kp_value *slot;
  __u32 key = 0;

  if (!task) return -1;
  slot = bpf_map_lookup_elem(&kp_slots, &key);
  if (!slot) {
    bpf_task_release(task);
    return -2;
  }
  task = bpf_kptr_xchg(&slot->task, task);
  slot->puts++;
  if (task) bpf_task_release(task);
  return task != 0;
}

char kp_license[] SEC("license") = "GPL";
