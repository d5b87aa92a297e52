#include "bpf.h"

struct agree_hidden {
  int inside;
};

struct agree_config {
  __u32 level;
  __u32 port;
};

typedef __u64 agree_element;

struct agree_config agree_config = {1, 2};
int agree_int = -1;
struct agree_hidden *agree_pointer;
volatile agree_element agree_array[3] = {7, 8, 9};

__noinline int agree_function(struct agree_hidden *hidden, const struct agree_config *config) {
  if (!hidden) return config->port;
  return hidden->inside + agree_array[1];
}
