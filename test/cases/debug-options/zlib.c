#include "bpf.h"

int debugopt_inflated(int value);

SEC("xdp")
int debugopt_other_entry(void *context) {
  return debugopt_inflated(3);
}
