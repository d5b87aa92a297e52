#include "bpf.h"

struct tagged {
  int plain;
  int marked __tag("member");
} __tag("whole");

struct tagged tag_state __tag("state") = {1, 2};
int __type_tag("user") * tag_pointer;
typedef int tagged_int __tag("alias");
tagged_int tag_alias = 4;

__noinline int tag_function(struct tagged *value __tag("nonnull")) __tag("function") {
  return value ? value->marked : 0;
}

SEC("socket")
int tag_a(void *ctx) {
  return tag_function(&tag_state) + (tag_pointer != 0) + tag_alias;
}
