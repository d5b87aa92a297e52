#include "tm.h"

__u64 tm_expiries;

__hidden int tm_expired(void *map, __u32 *key, struct tm_cell *cell) {
  cell->fired += *key;
  tm_expiries += 3;
  return 0;
}

char tm_license[] SEC("license") = "GPL";
