#include "bpf.h"

int arcopt_ping(int x);

SEC("socket")
int arcopt_main(void *ctx) {
  return arcopt_ping(1);
}
