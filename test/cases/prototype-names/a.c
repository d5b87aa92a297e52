#include "bpf.h"

extern int proto_one(int, __u64);
extern int proto_two(int, __u64);

SEC("socket")
int proto_a(void *ctx) {
  return proto_one(1, 2) + proto_two(3, 4);
}
