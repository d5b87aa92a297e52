#include "wq.h"

SEC("syscall")
int wq_start(void *ctx) {
  struct wq_item *item;
  __u32 key = 1;

  item = bpf_map_lookup_elem(&wq_items, &key);
  if (!item) return -1;
  if (bpf_wq_init(&item->work, &wq_items, 0)) return -2;
  if (bpf_wq_set_callback_impl(&item->work, wq_work, 0, 0)) return -3;
  return bpf_wq_start(&item->work, 0);
}

SEC("syscall")
int wq_seen(void *ctx) {
  struct wq_item *item;
  __u32 key = 1;

  item = bpf_map_lookup_elem(&wq_items, &key);
  return item ? item->done : -1;
}

char wq_license[] SEC("license") = "GPL";
