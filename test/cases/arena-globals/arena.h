#include "kernel.h"

struct ag_node {
  struct ag_node __arena *next;
  __u64 value;
};

struct ag_map {
  __uint(type, MAP_ARENA);
  __uint(map_flags, F_MMAPABLE);
  __uint(max_entries, 10);
};

extern struct ag_map ag_arena SEC(".maps");
extern __u64 __arena ag_count;
extern struct ag_node __arena ag_nodes[4];
extern struct ag_node __arena *__arena ag_head;

int ag_push(__u64 value);
__u64 ag_sum(void);
