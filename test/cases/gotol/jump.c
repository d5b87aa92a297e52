#include "gl.h"

__noinline int gl_far(int value) {
  asm goto("if %0 s> 10 goto +1\n\tgotol %l[small]" : : "r"(value) : : small);
  return gl_replaced(value) + 2;
small:
  return gl_replaced(value) + 1;
}
