#include "bpf.h"

extern int weakref(int x) __weak;
extern int weakref_value __weak;

SEC("socket")
int weakref_a(void *ctx) {
  return weakref ? weakref(1) : &weakref_value ? weakref_value : 0;
}
