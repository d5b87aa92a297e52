#include "kt.h"

SEC("raw_tp")
int kt_a(void *ctx) {
  struct rq *rq = bpf_this_cpu_ptr(&runqueues);

  return (rq->nr_running < 100000) + kt_active();
}

char kt_license[] SEC("license") = "GPL";
