#include "bpf.h"

__u64 dis_total;

static __noinline int dis_divide(long a, long b) {
  return a / b + a % b;
}

int dis_sum(int count) {
  int sum = count;

  for (int i = 0; i < count; i++) sum += dis_divide(sum, i);
  return __builtin_bswap32(sum) + (signed char)sum;
}
