#include "bpf.h"

extern int rep_count(int verdict);
extern int rep_limit;

SEC("socket")
int rep_first(void *ctx) {
  return rep_count(1) > rep_limit;
}

SEC("socket")
int rep_second(void *ctx) {
  return rep_count(2);
}

char LICENSE[] SEC("license") = "GPL";
