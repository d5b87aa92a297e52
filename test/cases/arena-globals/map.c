#include "arena.h"

struct ag_map ag_arena SEC(".maps");

__u64 __arena ag_first SEC(".addr_space.1") = 5;

extern void __arena *bpf_arena_alloc_pages(void *map, void __arena *addr, __u32 pages, int node, __u64 flags) __ksym;
extern void bpf_arena_free_pages(void *map, void __arena *addr, __u32 pages) __ksym;

SEC("syscall")
int ag_fresh_page(void *ctx) {
  __u64 __arena *page = bpf_arena_alloc_pages(&ag_arena, 0, 1, -1, 0);

  if (!page) return -1;
  page[3] = ag_first + 2;
  ag_first = page[3];
  bpf_arena_free_pages(&ag_arena, page, 1);
  return ag_first;
}

char ag_license[] SEC("license") = "GPL";
