#include "bpf.h"

extern void bpf_rcu_read_lock(void) __ksym;
extern void bpf_rcu_read_unlock(void) __ksym;

struct {
  __uint(type, MAP_ARRAY);
  __uint(max_entries, 1);
  __type(key, int);
  __type(value, __u64);
} counters SEC(".maps");

int step = STEP;

__weak __noinline int next_step(int x) {
  bpf_rcu_read_lock();
  bpf_rcu_read_unlock();
  return x + step;
}

__noinline int count(int x) {
  int key = 0;
  __u64 *value = bpf_map_lookup_elem(&counters, &key);
  if (value) *value += 1;
  return next_step(x);
}

char _license[] SEC("license") = "GPL";
