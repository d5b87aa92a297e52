#include "bpf.h"

int arcerr_work(int x);

SEC("socket")
int arcerr_main(void *ctx) {
  return arcerr_work(1);
}
