#include "kernel.h"

struct pt_regs {
  unsigned long ip;
} __preserve;

struct __bpf_usdt_spec {
  __u64 usdt_cookie;
  __s16 arg_cnt;
};

struct {
  __uint(type, MAP_ARRAY);
  __uint(max_entries, 16);
  __type(key, int);
  __type(value, struct __bpf_usdt_spec);
} __bpf_usdt_specs SEC(".maps") __weak;

struct {
  __uint(type, MAP_HASH);
  __uint(max_entries, 16);
  __type(key, long);
  __type(value, __u32);
} __bpf_usdt_ip_to_spec_id SEC(".maps") __weak;

extern const bool LINUX_HAS_BPF_COOKIE __kconfig;

static inline __attribute__((always_inline)) int __bpf_usdt_spec_id(struct pt_regs *ctx) {
  if (!LINUX_HAS_BPF_COOKIE) {
    long ip = ctx->ip;
    int *id = bpf_map_lookup_elem(&__bpf_usdt_ip_to_spec_id, &ip);

    return id ? *id : -3;
  }
  return bpf_get_attach_cookie(ctx);
}

__weak __hidden int bpf_usdt_arg_cnt(struct pt_regs *ctx) {
  int id = __bpf_usdt_spec_id(ctx);
  struct __bpf_usdt_spec *spec;

  if (id < 0) return -3;
  spec = bpf_map_lookup_elem(&__bpf_usdt_specs, &id);
  return spec ? spec->arg_cnt : -3;
}
