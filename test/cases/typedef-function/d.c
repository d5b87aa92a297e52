#include "bpf.h"

extern __u64 typedef_add(__u64, __u64);

__u64 typedef_other(__u64 number) {
  return typedef_add(number, 1);
}
