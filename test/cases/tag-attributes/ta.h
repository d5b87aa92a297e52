#include "kernel.h"

struct ta_shared {
  int plain;
  int __type_tag("const_size") * sized;
  int marked __tag("aligned");
} __tag("packed");

extern struct ta_shared ta_state;
extern int __type_tag("const_size") * ta_pointer;
