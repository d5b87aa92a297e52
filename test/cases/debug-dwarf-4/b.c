#include "bpf.h"

__noinline int dwarf4_unused_second(int value) {
  int twice = value * 2;
  return twice * value;
}

__noinline int dwarf4_other(int value) {
  int result = value;
  barrier();
  return result * 5;
}

__noinline int dwarf4_weak(int value) {
  int right = value + 1;
  return right * right;
}
