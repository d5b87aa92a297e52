#include "bpf.h"
#include "kinds.h"

struct kinds_only_a {
  struct kinds_only_a *self;
  struct kinds_node *nodes[2];
};

struct kinds_only_a *kinds_root_a;
struct kinds_node *kinds_node_a;

SEC("socket")
int kinds_a(void *ctx) {
  return kinds_root_a != 0 && kinds_node_a != 0;
}
