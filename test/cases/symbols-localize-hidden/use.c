#include "bpf.h"

extern int lochid_function(int x) __hidden;
extern int lochid_variable __hidden;
extern int lochid_internal(int x);

SEC("socket")
int lochid_use(void *ctx) {
  return lochid_function(1) + lochid_variable + lochid_internal(2);
}
