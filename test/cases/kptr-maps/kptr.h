#include "kernel.h"

struct kp_value {
  struct task_struct __kptr *task;
  __u64 puts;
};

struct kp_map {
  __uint(type, MAP_ARRAY);
  __uint(max_entries, 1);
  __type(key, __u32);
  __type(value, struct kp_value);
};

extern struct kp_map kp_slots SEC(".maps");

extern struct task_struct *bpf_task_acquire(struct task_struct *task) __ksym;
extern void bpf_task_release(struct task_struct *task) __ksym;

