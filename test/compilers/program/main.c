#include "common.h"

/* Each part has its own `seed` and its own `scale`. */
static u32 seed = 3;

static NOINLINE u32 scale(u32 value) {
  seed++;
  return value * 3 + seed;
}

u32 total;

#ifndef WHOLE
/* The definition in store.c, which is strong, wins. */
WEAK NOINLINE u32 policy(u32 value) {
  return value + 1;
}
#endif

SEC("syscall") int serve(struct request *context) {
  struct request request = *context;
  total += rounds;
  switch (request.operation) {
  case MIX:
    return mix(&request) + scale(1);
  case WEIGH:
    return weigh(request.index) + weights[7];
  case STORE:
    return store(request.index, request.value);
  case RECALL:
    return recall(request.index) + (u32)last_value + slots[0];
  case COUNT:
    return count(request.index) + total;
  case POLICY:
    return policy(request.value);
  }
  return scale(request.value) + 100;
}

/* A second section with code, and calls between sections. */
SEC("raw_tp/second") int serve_second(struct request *context) {
  return scale(context->index) + weigh(context->index) + total;
}

char program_license[] SEC("license") = "GPL";
