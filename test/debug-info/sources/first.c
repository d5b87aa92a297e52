/* Functions of one .text: some are needed, some are not, one is weak and defined better elsewhere. */
#include "shared.h"

static int calls;
int limit = 3;

static __attribute__((always_inline)) int twice(int value) {
  int result = value + value;
  return result;
}

__attribute__((noinline)) int unused_at_the_start(int value) {
  int sum = value;
  for (int i = 0; i < value; i++)
    sum += twice(i);
  return sum;
}

__attribute__((noinline)) static int counted(int value) {
  volatile int local = value * 3;
  calls += local;
  return twice(local) + calls;
}

__attribute__((noinline)) int unused_in_between(int value) {
  if (value > limit)
    return counted(value);
  return value * limit;
}

__attribute__((weak, noinline)) int overridden(int value) {
  int wrong = value - 1;
  return wrong * wrong;
}

__attribute__((noinline)) int needed(int value) {
  int result = 1;
  for (int i = 0; i < value; i++) {
    int step = counted(i) * result;
    result += overridden(step);
  }
  return result;
}

__attribute__((noinline)) int unused_at_the_end(int value) {
  return needed(value) + unused_in_between(value);
}

__attribute__((section("tc"))) int classify(struct context *context) {
  long extra = 0;
  int answer = from_second(context->length, &extra);
  if (answer > limit)
    answer = needed(answer);
  return answer + (int)extra;
}

char _license[] __attribute__((section("license"))) = "GPL";

__attribute__((noinline)) static int alike(int value) {
  return value * 13 + 5;
}

__attribute__((noinline)) static int alike_too(int value) {
  return value * 13 + 5;
}

__attribute__((section("tc"))) int both(struct context *context) {
  return alike(context->length) + alike_too(context->length + 1);
}
