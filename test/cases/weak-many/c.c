#include "bpf.h"

__u64 weakmany_before_c = 0x3003;
__u64 weakmany_value = 0x3111;
__u64 weakmany_after_c = 0x3223;

__noinline static int weakmany_local(int x) {
  barrier();
  return x ^ 3;
}

__noinline int weakmany(int x) {
  return weakmany_local(x) + weakmany_value;
}

__noinline int weakmany_user_c(int x) {
  return weakmany(x) + weakmany_local(x);
}

SEC("socket")
int weakmany_entry_c(void *ctx) {
  return weakmany_user_c(1) + weakmany_value + weakmany_before_c + weakmany_after_c;
}
