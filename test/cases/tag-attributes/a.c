#include "ta.h"

struct ta_shared ta_state __tag("cold") = {1, 0, 2};

/* The same tag as that of the other object, but for what kind of tag it is. */
int __type_tag("const_size") * ta_pointer;

SEC("tc")
int ta_a(struct __sk_buff *ctx) {
  return ta_state.marked + (ta_pointer != 0);
}
