#include "graph.h"

struct gk_map gk_queues SEC(".maps");

SEC("syscall")
int gk_pop(void *ctx) {
  struct bpf_list_node *node;
  struct gk_queue *queue;
  struct gk_item *item;
  __u32 key = 0;
  int value;

  queue = bpf_map_lookup_elem(&gk_queues, &key);
  if (!queue) return -1;
  bpf_spin_lock(&queue->lock);
  node = bpf_list_pop_front(&queue->head);
  bpf_spin_unlock(&queue->lock);
  if (!node) return -2;
  item = (void *)node - __builtin_offsetof(struct gk_item, node);
  value = item->value;
  bpf_obj_drop_impl(item, 0);
  return value;
}

char gk_license[] SEC("license") = "GPL";
