#include "bpf.h"

extern int symarc_get(int x);

SEC("socket")
int symarc_main(void *ctx) {
  return symarc_get(1);
}
