#include "bpf.h"

extern int kdef_function(int x) __ksym;
extern int kdef_other(int x) __ksym __weak;

SEC("socket")
int kdef_a(void *ctx) {
  return kdef_function(1) + (kdef_other ? kdef_other(2) : 0);
}
