#include "bpf.h"

__weak int elsewhere;
int elsewhere_neighbour;

SEC("socket")
int elsewhere_a(void *ctx) {
  return elsewhere + elsewhere_neighbour;
}
