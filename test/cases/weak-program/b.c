#include "bpf.h"

SEC("tc")
int weakprog(struct xdp_md *ctx) {
  return 2;
}
