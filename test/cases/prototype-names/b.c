#include "bpf.h"

__noinline int proto_one(int first, __u64 second) {
  return first + second;
}

__noinline int proto_two(int first, __u64 second) {
  return first - second;
}
