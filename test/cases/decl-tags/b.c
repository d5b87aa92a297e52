#include "bpf.h"

struct tagged {
  int plain;
  int marked __tag("member");
} __tag("whole");

extern struct tagged tag_state;
extern int tag_function(struct tagged *value);

__noinline int tag_second(struct tagged *value __tag("second")) __tag("function") {
  return value ? value->plain : 0;
}

SEC("socket")
int tag_b(void *ctx) {
  return tag_function(&tag_state) + tag_second(&tag_state);
}
