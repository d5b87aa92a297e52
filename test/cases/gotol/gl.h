#include "kernel.h"

int gl_far(int value);
int gl_replaced(int value);
int gl_signed(int value);
