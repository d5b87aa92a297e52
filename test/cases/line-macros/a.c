#include "lm.h"

int lm_total;

SEC("tc")
int lm_a(struct __sk_buff *ctx) {
  LM_TWICE(ctx->len);
#line 500 "generated.c"
  return lm_inline(2) + lm_inline(4);
}
