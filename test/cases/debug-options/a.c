#include "bpf.h"

int debugopt_count;

int debugopt_next(int value);

SEC("tc")
int debugopt_entry(void *context) {
  debugopt_count++;
  return debugopt_next(debugopt_count);
}
