#include "bpf.h"

struct {
  __uint(type, MAP_ARRAY);
  __uint(max_entries, 4);
  __type(key, int);
  __type(value, int);
} lochid_hidden_map SEC(".maps") __hidden;

SEC("socket")
int lochid_map_user(void *ctx) {
  int key = 1;
  return bpf_map_lookup_elem(&lochid_hidden_map, &key) ? 1 : 0;
}
