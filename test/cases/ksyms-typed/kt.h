#include "kernel.h"

struct rq {
  __u32 nr_running;
} __preserve;

extern const struct rq runqueues __ksym;

int kt_active(void);
