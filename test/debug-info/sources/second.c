/* What the other object calls, and a better body for its weak function. */
#include "shared.h"

int total;

__attribute__((noinline)) static int unused_helper(int value) {
  return value ^ total;
}

__attribute__((noinline)) int unused_in_second(int value) {
  return unused_helper(value) + 1;
}

static __attribute__((always_inline)) int weighed(int value) {
  return value * 7 + total;
}

__attribute__((noinline)) int from_second(int value, long *extra) {
  *extra = weighed(value);
  if (value > 3) {
    int more = weighed(value + 1);
    *extra += more;
  }
  return value;
}

__attribute__((noinline)) int overridden(int value) {
  int right = value + 1;
  return right * right;
}

__attribute__((section("xdp"))) int filter(struct context *context) {
  long extra = 1;
  return from_second(context->length, &extra) + extra;
}
