#include "bpf.h"

struct task_struct;

struct lastref_map {
  __uint(type, MAP_HASH);
  __uint(max_entries, 4);
  __type(key, __u32);
  __type(value, __u64);
};

extern struct lastref_map lastref_open SEC(".maps");
extern const int bpf_prog_active __ksym;
extern void bpf_task_release(struct task_struct *p) __ksym;
extern unsigned CONFIG_HZ __kconfig;
extern int lastref_missing;

__weak __noinline int lastref(int x) {
  __u32 key = x;
  bpf_task_release(0);
  return x + bpf_prog_active + CONFIG_HZ + lastref_missing +
         !bpf_map_lookup_elem(&lastref_open, &key);
}

__noinline int lastref_other(int x) {
  barrier();
  return x + 2;
}

SEC("socket")
int lastref_a(void *ctx) {
  return lastref(1) + lastref_other(2);
}
