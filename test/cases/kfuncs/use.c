#include "kf.h"

SEC("syscall")
int kf_run(void *ctx) {
  struct bpf_cpumask *mask;

  bpf_rcu_read_lock();
  bpf_rcu_read_unlock();
  if (bpf_kf_no_kernel_has_this) return bpf_kf_no_kernel_has_this(1);
  mask = bpf_cpumask_create();
  if (!mask) return -1;
  bpf_cpumask_release(mask);
  return 50 + kf_first_of(0);
}

char kf_license[] SEC("license") = "GPL";
