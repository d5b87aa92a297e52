#include "bpf.h"

extern int arccom_limit;
int arccom_count;

SEC("socket")
int arccom_main(void *ctx) {
  return arccom_limit + arccom_count;
}
