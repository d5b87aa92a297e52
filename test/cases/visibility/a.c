#include "bpf.h"

__hidden __noinline int vis_hidden(int x) {
  barrier();
  return x + 1;
}

__attribute__((visibility("protected"))) int vis_protected = 2;
int vis_default = 3;

__noinline int vis_plain(int x) {
  return vis_hidden(x) + vis_protected;
}
