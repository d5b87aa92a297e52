#include "wq.h"

__hidden int wq_work(void *map, int *key, void *value) {
  struct wq_item *item = value;

  item->done += 5 + *key;
  return 0;
}

char wq_license[] SEC("license") = "GPL";
