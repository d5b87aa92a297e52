#include "bpf.h"

/* Dead and live bodies alternate in one .text and in every data section. */

struct gcs_dead_type {
  long a, b;
};

struct gcs_dead_core {
  int member;
} __preserve;

struct {
  __uint(type, MAP_HASH);
  __uint(max_entries, 8);
  __type(key, __u32);
  __type(value, struct gcs_dead_type);
} gcs_dead_map SEC(".maps");

int gcs_dead_counter = 1;
int gcs_counter = 2;
static long gcs_static_table[3] = {1, 2, 3};
const volatile int gcs_dead_limit = 9;
const volatile int gcs_limit = 10;
long gcs_dead_zero[4];
int gcs_zero;
char gcs_dead_name[20];

extern int gcs_missing(void);
extern void gcs_kfunc(void) __ksym __weak;

__noinline static int gcs_step(int x) {
  barrier();
  return x + gcs_limit;
}

__noinline static int gcs_dead_step(int x) {
  barrier();
  return x + gcs_dead_limit + gcs_static_table[x & 1];
}

__noinline int gcs_dead(struct gcs_dead_core *core) {
  struct gcs_dead_type *value;
  __u32 key = 1;
  if (gcs_kfunc)
    gcs_kfunc();
  value = bpf_map_lookup_elem(&gcs_dead_map, &key);
  gcs_dead_zero[1]++;
  gcs_dead_name[2] = 1;
  gcs_dead_counter++;
  return gcs_dead_step(core->member) + gcs_missing() + (value ? value->a : 0);
}

__noinline int gcs_used(int x) {
  gcs_zero++;
  gcs_counter++;
  return gcs_step(x);
}

__noinline int gcs_dead_last(int x) {
  barrier();
  return gcs_used(x);
}
