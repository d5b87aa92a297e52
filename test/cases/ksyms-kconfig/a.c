#include "bpf.h"

struct task_struct;
struct rq {
  __u32 nr_running;
};

enum tristate { TRI_NO, TRI_YES, TRI_MODULE };

extern const int runqueues_unused __ksym __weak;
extern const struct rq runqueues __ksym;
extern const void bpf_link_fops __ksym;
extern void bpf_task_release(struct task_struct *p) __ksym;
extern struct task_struct *bpf_task_from_pid(__s32 pid) __ksym __weak;
extern unsigned CONFIG_HZ __kconfig;
extern enum tristate CONFIG_BPF __kconfig __weak;

SEC("raw_tp")
int kernel_a(void *ctx) {
  struct task_struct *p;

  if (!bpf_task_from_pid) return 0;
  p = bpf_task_from_pid(1);
  if (p) bpf_task_release(p);
  return runqueues.nr_running + (&bpf_link_fops != 0) + (&runqueues_unused != 0) + CONFIG_HZ +
         (CONFIG_BPF == TRI_YES);
}
