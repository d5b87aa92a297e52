#include "bpf.h"

static volatile __u16 bigdata_halves[4] = {0x0102, 0x0304, 0x0506, 0x0708};
static int bigdata_local(int x) {
  return x + 1;
}

volatile void *bigdata_pointer_a = &bigdata_halves[2];
int (*bigdata_function_a)(int) = bigdata_local;

SEC("socket")
int bigdata_a(void *ctx) {
  return bigdata_halves[1] + (bigdata_pointer_a != 0) + (bigdata_function_a != 0);
}
