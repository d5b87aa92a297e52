#include "bpf.h"

extern int icfl_public(int x);
extern __hidden int icfl_hidden(int x);

SEC("socket")
int icfl_b(void *ctx) {
  return icfl_public(2) + icfl_hidden(2);
}
