#include "bpf.h"

extern int missing_function(int x);

SEC("socket")
int missing_b(void *ctx) {
  return missing_function(3);
}
