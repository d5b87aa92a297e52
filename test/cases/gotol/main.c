#include "gl.h"

__noinline int gl_replaced(int value) {
  asm goto("if %0 == 77 goto +1\n\tgotol %l[out]" : : "r"(value) : : out);
  value += 5;
out:
  return value * 10;
}

SEC("tc")
int gl_run(struct __sk_buff *ctx) {
  return gl_far(3) + gl_far(20) + (gl_signed(0xf7) & 0xff);
}
