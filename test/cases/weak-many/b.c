#include "bpf.h"

__u64 weakmany_before_b = 0x2002;
__weak __u64 weakmany_value = 0x2111;
__u64 weakmany_after_b = 0x2222;

__noinline static int weakmany_local(int x) {
  barrier();
  return x ^ 2;
}

__weak __noinline int weakmany(int x) {
  return weakmany_local(x) + weakmany_value;
}

__noinline int weakmany_user_b(int x) {
  return weakmany(x) + weakmany_local(x);
}

SEC("socket")
int weakmany_entry_b(void *ctx) {
  return weakmany_user_b(1) + weakmany_value + weakmany_before_b + weakmany_after_b;
}
