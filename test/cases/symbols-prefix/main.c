#include "bpf.h"

extern int old_count(int x);
extern int new_count(int x);

SEC("syscall")
int prefix_main(void *ctx) {
  return old_count(10) + new_count(100);
}

char _license[] SEC("license") = "GPL";
