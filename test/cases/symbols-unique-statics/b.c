#include "bpf.h"

static volatile int shared_counter;
static volatile const int shared_limit = 11;

__tag("uniq_tag") __noinline static int shared_helper(int x) {
  shared_counter += x;
  return shared_counter + shared_limit;
}

SEC("socket")
int uniq_b(void *ctx) {
  return shared_helper(1);
}
