#include "bpf.h"

__noinline static int icfa_unused_step(int x) {
  barrier();
  return x * 3;
}

__noinline int icfa_unused(int x) {
  barrier();
  return icfa_unused_step(x);
}

__noinline static int icfa_clamp(int x) {
  barrier();
  return x > 9 ? 9 : x;
}

__noinline int icfa_one(int x) {
  barrier();
  return icfa_clamp(x) + 1;
}
