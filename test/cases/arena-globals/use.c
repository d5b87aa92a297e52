#include "arena.h"

SEC("syscall")
int ag_fill(void *ctx) {
  struct ag_node __arena *node;
  __u64 sum = 0;

  ag_push(1);
  ag_push(20);
  for (int i = 0; i < 4; i++) {
    node = &ag_nodes[i];
    sum += node->value;
  }
  node = ag_head;
  return sum * 10 + ag_count + (node == &ag_nodes[1]);
}

char ag_license[] SEC("license") = "GPL";
