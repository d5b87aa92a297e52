#include "bpf.h"

__noinline static int icfa_clamp(int x) {
  barrier();
  return x > 9 ? 9 : x;
}

__noinline static int icfa_triple(int x) {
  barrier();
  return x * 3;
}

__noinline int icfa_two(int x) {
  barrier();
  return icfa_clamp(x) + icfa_triple(x) + 2;
}
