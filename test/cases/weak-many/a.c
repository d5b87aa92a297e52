#include "bpf.h"

__u64 weakmany_before_a = 0x1001;
__weak __u64 weakmany_value = 0x1111;
__u64 weakmany_after_a = 0x1221;

__noinline static int weakmany_local(int x) {
  barrier();
  return x ^ 1;
}

__weak __noinline int weakmany(int x) {
  return weakmany_local(x) + weakmany_value;
}

__noinline int weakmany_user_a(int x) {
  return weakmany(x) + weakmany_local(x);
}

SEC("socket")
int weakmany_entry_a(void *ctx) {
  return weakmany_user_a(1) + weakmany_value + weakmany_before_a + weakmany_after_a;
}
