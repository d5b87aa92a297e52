#include "bpf.h"
#include "kinds.h"

struct kinds_only_b {
  struct kinds_only_b *self;
  struct kinds_node *nodes[2];
};

struct kinds_only_b *kinds_root_b;
struct kinds_node *kinds_node_b;

SEC("socket")
int kinds_b(void *ctx) {
  return kinds_root_b != 0 && kinds_node_b != 0;
}
