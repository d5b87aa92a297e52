#include "bpf.h"

__u64 init_time;

__attribute__((constructor)) void init_function(void) {
  init_time = bpf_ktime_get_ns();
}
