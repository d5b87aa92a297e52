#include "bpf.h"

struct btflayout_task {
  int pid;
  int tgid;
} __preserve;

__noinline int btflayout_b(struct btflayout_task *task) {
  return task->tgid;
}

SEC("raw_tp")
int btflayout_entry_b(struct btflayout_task *task) {
  return btflayout_b(task);
}
