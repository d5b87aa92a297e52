#include "bpf.h"

/* The kernel lets nothing call an exception callback, so no other function may have its body. */
__noinline int icfs_first_callback(__u64 cookie) {
  barrier();
  return cookie + 9;
}

__noinline int icfs_second_callback(__u64 cookie) {
  barrier();
  return cookie + 9;
}

__noinline __hidden int icfs_called(__u64 cookie) {
  barrier();
  return cookie + 9;
}

__noinline static int icfs_called_too(__u64 cookie) {
  barrier();
  return cookie + 9;
}

SEC("socket") __tag("exception_callback:icfs_first_callback")
int icfs_first(void *ctx) {
  return icfs_called(bpf_ktime_get_ns());
}

SEC("socket") __tag("exception_callback:icfs_second_callback")
int icfs_second(void *ctx) {
  return icfs_called_too(bpf_ktime_get_ns());
}

char icfs_license[] SEC("license") = "GPL";
