#include "bpf.h"

extern int vis_hidden(int x);
extern int vis_protected;
extern int vis_default __hidden;
extern int vis_plain(int x) __hidden;

SEC("socket")
int vis_b(void *ctx) {
  return vis_hidden(1) + vis_protected + vis_default + vis_plain(2);
}
