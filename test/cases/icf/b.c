#include "bpf.h"

extern int icf_counter;
static volatile int icf_own = 2;

/* The same in both files, under different names. */
__noinline static int icf_step_b(int y) {
  barrier();
  return y + icf_counter;
}

/* Equal instructions; what they call is equal, too. */
__noinline static int icf_twice_b(int y) {
  barrier();
  return icf_step_b(y) + icf_step_b(y + 1);
}

/* Two that call each other: equal as long as nothing tells them apart. */
static int icf_odd_b(int y);

__noinline static int icf_even_b(int y) {
  barrier();
  return y == 0 ? 1 : icf_odd_b(y - 1);
}

__noinline static int icf_odd_b(int y) {
  barrier();
  return y == 0 ? 0 : icf_even_b(y - 1);
}

/* Equal instructions, another variable. */
__noinline static int icf_reads_b(int y) {
  barrier();
  return y + icf_own;
}

/* Equal instructions, but what it calls is not equal. */
__noinline static int icf_calls_b(int y) {
  barrier();
  return icf_reads_b(y) + 5;
}

/* Equal instructions, another type. */
__noinline static int icf_typed_b(unsigned y) {
  barrier();
  return y;
}

/* Equal instructions, another type of what they return. */
__noinline static unsigned icf_returned_b(int y) {
  barrier();
  return y + 3;
}

/* Another tag. */
__noinline static int __tag("icf_other") icf_tagged_b(long y) {
  barrier();
  return y;
}

/* Global: others find it by name. */
__noinline int icf_global_b(int y) {
  barrier();
  return y ^ 1;
}

SEC("socket")
int icf_b(void *ctx) {
  int y = icf_counter & 3;
  return icf_twice_b(y) + icf_even_b(y) + icf_reads_b(y) + icf_calls_b(y) + icf_typed_b(y) + icf_returned_b(y) +
         icf_tagged_b(y) + icf_global_b(y);
}

