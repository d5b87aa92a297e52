#include "bpf.h"

int taken_limit = 3;

static long taken_first(__u32 index, void *ctx) {
  return index > taken_limit;
}

static long taken_second(__u32 position, void *ctx) {
  return position > taken_limit;
}

/* Equal but for the callback, which is equal itself. */
__noinline static long taken_loop_first(__u32 count) {
  return bpf_loop(count, taken_first, 0, 0);
}

__noinline static long taken_loop_second(__u32 count) {
  return bpf_loop(count, taken_second, 0, 0);
}

SEC("socket")
int taken(void *ctx) {
  return taken_loop_first(taken_limit) + taken_loop_second(taken_limit + 1);
}
