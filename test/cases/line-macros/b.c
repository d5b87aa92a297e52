#include "lm.h"
#include "own.h"

static int lm_calls;

__noinline int lm_note(int value) {
  lm_calls++;
  return value + 1;
}

SEC("tc")
int lm_b(struct __sk_buff *ctx) {
  lm_total = 0;
  LM_ADD(LM_OWN(4));
  return lm_inline(LM_OWN(3));
}
