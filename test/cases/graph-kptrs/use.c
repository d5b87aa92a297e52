#include "graph.h"

/* Moves the type ids of this object away from those of the other. */
struct gk_other {
  int only;
} gk_other;

SEC("syscall")
int gk_push(void *ctx) {
  struct gk_queue *queue;
  struct gk_item *item;
  __u32 key = 0;

  queue = bpf_map_lookup_elem(&gk_queues, &key);
  if (!queue) return -1;
  item = gk_new();
  if (!item) return -2;
  item->value = 42;
  bpf_spin_lock(&queue->lock);
  bpf_list_push_back_impl(&queue->head, &item->node, 0, 0);
  bpf_spin_unlock(&queue->lock);
  return 1;
}

char gk_license[] SEC("license") = "GPL";
