#include "ta.h"

__noinline int ta_function(int value __tag("nonnull")) __tag("cold") {
  barrier();
  return value + 1;
}

SEC("tc")
int ta_b(struct __sk_buff *ctx) {
  return ta_function(ta_state.plain) + (ta_pointer != 0);
}
