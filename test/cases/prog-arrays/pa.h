#include "kernel.h"

struct pa_map {
  __uint(type, MAP_PROG_ARRAY);
  __uint(max_entries, 4);
  __uint(key_size, sizeof(__u32));
  __array(values, int(void *));
};

extern struct pa_map pa_table SEC(".maps");
extern int pa_short(void *ctx);
extern int pa_long(void *ctx);
extern __u32 pa_steps;
