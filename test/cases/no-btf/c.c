#include "bpf.h"

extern int nobtf_function(int x);

SEC("socket")
int nobtf_c(void *ctx) {
  return nobtf_function(2);
}
