#include "tm.h"

SEC("syscall")
int tm_arm(void *ctx) {
  struct tm_cell *cell;
  __u32 key = 1;

  cell = bpf_map_lookup_elem(&tm_cells, &key);
  if (!cell) return -1;
  bpf_timer_init(&cell->timer, &tm_cells, 1);
  bpf_timer_set_callback(&cell->timer, tm_expired);
  return bpf_timer_start(&cell->timer, 1000, 0);
}

SEC("syscall")
int tm_seen(void *ctx) {
  struct tm_cell *cell;
  __u32 key = 1;

  cell = bpf_map_lookup_elem(&tm_cells, &key);
  if (!cell) return -1;
  return cell->fired * 10 + tm_expiries;
}

char tm_license[] SEC("license") = "GPL";
