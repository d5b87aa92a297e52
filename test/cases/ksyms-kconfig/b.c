#include "bpf.h"

struct task_struct;
struct rq {
  __u32 nr_running;
};

extern const struct rq runqueues __ksym;
extern const void bpf_link_fops __ksym;
extern const int bpf_prog_active __ksym;
extern void bpf_task_release(struct task_struct *p) __ksym;
extern unsigned CONFIG_HZ __kconfig;
extern char CONFIG_LOCALVERSION[16] __kconfig __weak;

SEC("raw_tp")
int kernel_b(void *ctx) {
  bpf_task_release(ctx);
  return runqueues.nr_running + (&bpf_link_fops != 0) + CONFIG_HZ + CONFIG_LOCALVERSION[0] +
         bpf_prog_active;
}
