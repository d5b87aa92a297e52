#include "it.h"

__u64 it_elements;

__noinline int it_count(int pid) {
  it_elements++;
  return pid + 1;
}

__noinline int it_sum(int until) {
  struct bpf_iter_num it;
  int *value, sum = 0;

  bpf_iter_num_new(&it, 0, until);
  while ((value = bpf_iter_num_next(&it))) sum += *value;
  bpf_iter_num_destroy(&it);
  return sum;
}

char it_license[] SEC("license") = "GPL";
