#include "bpf.h"

struct {
  __uint(type, MAP_HASH);
  __uint(max_entries, 16);
  __type(key, __u32);
  __type(value, __u64);
} dis_shared SEC(".maps");

struct dis_rule {
  __u32 low;
  __u32 high;
};

extern int dis_kfunc(void *ctx) __ksym;
extern const int dis_active __ksym;
extern unsigned CONFIG_HZ __kconfig;
extern int dis_sum(int count);
extern __u64 dis_total;

struct dis_rule dis_rules[4] = {{1, 2}, {3, 4}};
static __u64 dis_calls[2];

static long dis_step(__u32 index, void *ctx) {
  dis_calls[1]++;
  return index > 3;
}

SEC("raw_tp")
int dis_entry(void *ctx) {
  __u32 key = dis_rules[2].high;
  __u64 *value = bpf_map_lookup_elem(&dis_shared, &key);

  if (!value) return 0;
  bpf_loop(10, dis_step, 0, 0);
  while (dis_total < CONFIG_HZ) dis_total += dis_kfunc(ctx);
  dis_calls[0] += dis_active;
  bpf_trace_printk("total", 6);
  return dis_sum(*value);
}
