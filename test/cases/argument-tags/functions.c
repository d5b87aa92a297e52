#include "kernel.h"

struct at_pair {
  int first;
  int second;
};

__noinline int at_sum(struct at_pair *pair __arg_nonnull) {
  barrier();
  return pair->first + pair->second;
}

__noinline int at_maybe(struct at_pair *pair) {
  if (!pair) return 5;
  return pair->second;
}

__noinline int at_length(struct __sk_buff *ctx __arg_ctx) {
  return ctx->len;
}
