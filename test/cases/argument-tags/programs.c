#include "kernel.h"

struct at_pair {
  int first;
  int second;
};

extern int at_sum(struct at_pair *pair);
extern int at_maybe(struct at_pair *pair);
extern int at_length(struct __sk_buff *ctx);

SEC("tc")
int at_run(struct __sk_buff *ctx) {
  struct at_pair pair = {3, 4};

  return at_sum(&pair) * 1000 + at_maybe(0) * 100 + at_length(ctx);
}
