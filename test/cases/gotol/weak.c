#include "gl.h"

__weak __noinline int gl_replaced(int value) {
  asm goto("if %0 == 77 goto +1\n\tgotol %l[out]" : : "r"(value) : : out);
  value += 5;
out:
  return value * 1000;
}

__noinline int gl_signed(int value) {
  long wide = (signed char)value;

  asm goto("if %0 == 77 goto +1\n\tgotol %l[out]" : : "r"(wide) : : out);
  wide = -1;
out:
  return wide / -3 + __builtin_bswap16(value);
}
