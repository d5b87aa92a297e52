#include "arena.h"

static __u64 __arena ag_private SEC(".addr_space.1") = 1000;
__u64 __arena ag_count SEC(".addr_space.1") = 0;
struct ag_node __arena ag_nodes[4] SEC(".addr_space.1") = {{.value = 100}};
struct ag_node __arena *__arena ag_head SEC(".addr_space.1");

__noinline int ag_push(__u64 value) {
  __u64 index = ag_count & 3;

  ag_count++;
  ag_private++;
  ag_nodes[index].value += value;
  ag_nodes[index].next = ag_head;
  ag_head = &ag_nodes[index];
  return ag_private;
}

SEC("syscall")
int ag_clear(void *ctx) {
  ag_head = 0;
  ag_count = 0;
  return ag_private;
}

char ag_license[] SEC("license") = "GPL";
