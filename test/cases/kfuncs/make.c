#include "kf.h"

__noinline int kf_first_of(__u32 cpu) {
  struct bpf_cpumask *mask = bpf_cpumask_create();
  int first;

  if (!mask) return -1;
  bpf_cpumask_set_cpu(cpu, mask);
  first = bpf_cpumask_first((const struct cpumask *)mask);
  bpf_cpumask_release(mask);
  return first;
}

char kf_license[] SEC("license") = "GPL";
