#include "kernel.h"

extern int lm_total;

#define LM_ADD(amount)        \
  do {                        \
    lm_total += (amount);     \
    lm_total = lm_note(lm_total); \
  } while (0)

#define LM_TWICE(amount) \
  LM_ADD(amount);        \
  LM_ADD((amount) + 1)

int lm_note(int value);

static inline __attribute__((always_inline)) int lm_inline(int value) {
  if (value > 3) LM_ADD(value);
  return lm_total;
}
