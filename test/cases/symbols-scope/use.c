#include "bpf.h"

extern int scope_get(int x);
extern int scope_helper(int x);
extern int scope_state;

SEC("socket")
int scope_use(void *ctx) {
  return scope_get(1) + scope_helper(2) + scope_state;
}

char scope_license[] SEC("license") = "GPL";
