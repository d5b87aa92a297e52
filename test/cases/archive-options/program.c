#include "bpf.h"

SEC("socket")
int arcopt_program(void *ctx) {
  return 7;
}
