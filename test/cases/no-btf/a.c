#include "bpf.h"

extern int nobtf_function(int x);
extern int nobtf_value;
int nobtf_from_c = 3;

SEC("socket")
int nobtf_a(void *ctx) {
  return nobtf_function(1) + nobtf_value;
}
