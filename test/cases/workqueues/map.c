#include "wq.h"

struct wq_map wq_items SEC(".maps");

char wq_license[] SEC("license") = "GPL";
