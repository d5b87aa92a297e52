#include "bpf.h"

extern int wrapd_read(int x);
extern int wrapd_limit;

SEC("socket")
int wrapd_use(void *ctx) {
  return wrapd_read(wrapd_limit);
}
