#include "bpf.h"

extern int mixed_value;
extern int mixed_function(int x);

SEC("socket")
int mixed_c(void *ctx) {
  return mixed_function(mixed_value);
}
