#include "bpf.h"

SEC("socket")
int wrong_input(void *ctx) {
  return 1;
}
