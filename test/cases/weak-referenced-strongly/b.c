#include "bpf.h"

extern int strongref_value;
extern int strongref(int x);

SEC("socket")
int strongref_b(void *ctx) {
  return strongref(strongref_value);
}
