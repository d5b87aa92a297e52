#include "bpf.h"

static volatile int same_counter;
static volatile int same_start = 1;
static volatile const int same_limit = 11;

__noinline static int same_helper(int x) {
  same_counter += x;
  return same_counter + 1;
}

SEC("socket")
int same_a(void *ctx) {
  return same_helper(same_start) + same_limit;
}
