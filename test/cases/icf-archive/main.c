#include "bpf.h"

extern int icfa_one(int x);
extern int icfa_two(int x);

int icfa_input = 4;

/* The same in all three, as from a header. */
__noinline static int icfa_clamp(int x) {
  barrier();
  return x > 9 ? 9 : x;
}

SEC("socket")
int icfa_program(void *ctx) {
  return icfa_clamp(icfa_input) + icfa_one(icfa_input) + icfa_two(icfa_input);
}
