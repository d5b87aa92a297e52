#include "bpf.h"

int dwarf4_limit = 3;

__noinline int dwarf4_other(int value);

__noinline int dwarf4_unused_first(int value) {
  int sum = 0;
  for (int i = 0; i < value; i++) {
    int square = i * i;
    sum += square ^ dwarf4_limit;
  }
  return sum;
}

__weak __noinline int dwarf4_weak(int value) {
  int wrong = value - 1;
  return wrong * dwarf4_limit;
}

__noinline int dwarf4_needed(int value) {
  int result = dwarf4_weak(value);
  return result + dwarf4_limit;
}

SEC("tc")
int dwarf4_entry(void *context) {
  return dwarf4_needed(dwarf4_other(2));
}
