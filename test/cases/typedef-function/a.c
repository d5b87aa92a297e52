#include "bpf.h"

/* clang describes a function that is called, not one of which only the address is taken. */
typedef __u64 typedef_operation(__u64, __u64);
extern typedef_operation typedef_add;

static __u64 (*volatile typedef_chosen)(__u64, __u64);

SEC("socket")
int typedef_program(void *ctx) {
  typedef_chosen = typedef_add;
  return 0;
}
