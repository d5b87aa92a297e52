#include "bpf.h"

int elsewhere = 5;

SEC("socket")
int elsewhere_b(void *ctx) {
  return elsewhere;
}
