#include "kernel.h"

struct wq_item {
  __u64 done;
  struct bpf_wq work;
};

struct wq_map {
  __uint(type, MAP_ARRAY);
  __uint(max_entries, 2);
  __type(key, __u32);
  __type(value, struct wq_item);
};

extern struct wq_map wq_items SEC(".maps");

extern int bpf_wq_init(struct bpf_wq *work, void *map, unsigned flags) __ksym;
extern int bpf_wq_start(struct bpf_wq *work, unsigned flags) __ksym;
extern int bpf_wq_set_callback_impl(struct bpf_wq *work, int(callback)(void *map, int *key, void *value),
                                    unsigned flags, void *aux) __ksym;

__hidden extern int wq_work(void *map, int *key, void *value);
