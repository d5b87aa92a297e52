#include "bpf.h"

static volatile int same_counter;
static volatile int same_start = 2;
static volatile const int same_limit = 22;

__noinline static int same_helper(int x) {
  same_counter += x;
  return same_counter + 2;
}

SEC("socket")
int same_b(void *ctx) {
  return same_helper(same_start) + same_limit;
}
