#include "bpf.h"

__attribute__((noinline)) int debugopt_unused(int value) {
  return value * value;
}

__attribute__((noinline)) int debugopt_next(int value) {
  return value + 1;
}
