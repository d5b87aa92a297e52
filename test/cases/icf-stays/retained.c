#include "bpf.h"

__attribute__((retain, used)) __noinline static int icfs_retained(int x) {
  barrier();
  return x * 5;
}

__attribute__((retain, used)) __noinline static int icfs_retained_too(int x) {
  barrier();
  return x * 5;
}

__noinline static int icfs_plain(int x) {
  barrier();
  return x * 5;
}

__noinline static int icfs_plain_too(int x) {
  barrier();
  return x * 5;
}

SEC("socket")
int icfs_third(void *ctx) {
  int x = bpf_ktime_get_ns();
  return icfs_plain(x) + icfs_plain_too(x) + icfs_retained(x);
}
