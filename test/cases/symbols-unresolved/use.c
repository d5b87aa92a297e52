#include "bpf.h"

extern int unres_missing(int x);
extern int unres_weak(int x) __weak;

SEC("socket")
int unres_use(void *ctx) {
  return unres_missing(1) + (unres_weak ? unres_weak(2) : 0);
}
