#include "bpf.h"

typedef struct agree_config agree_config_t;
struct agree_hidden;

struct agree_config {
  __u32 level;
  __u32 port;
};

extern const volatile agree_config_t agree_config;
extern __u32 agree_int;
extern struct agree_hidden *agree_pointer;
extern int agree_function(struct agree_hidden *, const agree_config_t *);
extern __u64 agree_array[3];

SEC("socket")
int agree_a(void *ctx) {
  return agree_function(agree_pointer, (const agree_config_t *)&agree_config) + agree_int +
         agree_array[2];
}
