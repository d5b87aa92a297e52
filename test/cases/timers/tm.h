#include "kernel.h"

struct tm_cell {
  __u64 fired;
  struct bpf_timer timer;
};

struct tm_map {
  __uint(type, MAP_ARRAY);
  __uint(max_entries, 2);
  __type(key, __u32);
  __type(value, struct tm_cell);
};

extern struct tm_map tm_cells SEC(".maps");
extern __u64 tm_expiries;

__hidden extern int tm_expired(void *map, __u32 *key, struct tm_cell *cell);
