#include "bpf.h"

struct longhdr_task {
  int pid;
  int tgid;
} __preserve;

__noinline int longhdr_b(struct longhdr_task *task) {
  return task->tgid;
}

SEC("raw_tp")
int longhdr_entry_b(struct longhdr_task *task) {
  return longhdr_b(task);
}
