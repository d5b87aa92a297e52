#include "bpf.h"

int icf_counter = 1;
static volatile int icf_own = 2;

/* The same in both files, under different names. */
__noinline static int icf_step_a(int x) {
  barrier();
  return x + icf_counter;
}

/* Equal instructions; what they call is equal, too. */
__noinline static int icf_twice_a(int x) {
  barrier();
  return icf_step_a(x) + icf_step_a(x + 1);
}

/* Two that call each other: equal as long as nothing tells them apart. */
static int icf_odd_a(int x);

__noinline static int icf_even_a(int x) {
  barrier();
  return x == 0 ? 1 : icf_odd_a(x - 1);
}

__noinline static int icf_odd_a(int x) {
  barrier();
  return x == 0 ? 0 : icf_even_a(x - 1);
}

/* Equal instructions, another variable. */
__noinline static int icf_reads_a(int x) {
  barrier();
  return x + icf_own;
}

/* Equal instructions, but what it calls is not equal. */
__noinline static int icf_calls_a(int x) {
  barrier();
  return icf_reads_a(x) + 5;
}

/* Equal instructions, another type. */
__noinline static int icf_typed_a(int x) {
  barrier();
  return x;
}

/* Equal instructions, another type of what they return. */
__noinline static int icf_returned_a(int x) {
  barrier();
  return x + 3;
}

/* Another tag. */
__noinline static int __tag("icf_tag") icf_tagged_a(long x) {
  barrier();
  return x;
}

/* Global: others find it by name. */
__noinline int icf_global_a(int x) {
  barrier();
  return x ^ 1;
}

SEC("socket")
int icf_a(void *ctx) {
  int x = icf_counter & 3;
  return icf_twice_a(x) + icf_even_a(x) + icf_reads_a(x) + icf_calls_a(x) + icf_typed_a(x) + icf_returned_a(x) +
         icf_tagged_a(x) + icf_global_a(x);
}

char icf_license[] SEC("license") = "GPL";
