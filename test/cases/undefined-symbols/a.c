#include "bpf.h"

extern int missing_function(int x);
extern int missing_value;

__noinline int missing_user(int x) {
  return missing_function(x) + missing_value;
}

SEC("socket")
int missing_a(void *ctx) {
  return missing_function(1) + missing_user(2);
}
