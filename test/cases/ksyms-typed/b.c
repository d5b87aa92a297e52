#include "kt.h"

extern const int bpf_prog_active __ksym;

__noinline int kt_active(void) {
  int *active = bpf_this_cpu_ptr(&bpf_prog_active);
  struct rq *rq = bpf_this_cpu_ptr(&runqueues);

  return (*active >= 0) * 2 + (rq->nr_running < 100000) * 4;
}

char kt_license[] SEC("license") = "GPL";
