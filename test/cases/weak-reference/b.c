#include "bpf.h"

extern int weakref(int x);
extern int weakref_value;

SEC("socket")
int weakref_b(void *ctx) {
  return weakref(2) + weakref_value;
}
