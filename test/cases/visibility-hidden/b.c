#include "bpf.h"

extern int hide_function(int x);
extern int hide_by_reference __hidden;

SEC("socket")
int hide_b(void *ctx) {
  return hide_function(1) + hide_by_reference;
}
