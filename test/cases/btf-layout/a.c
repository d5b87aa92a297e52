#include "bpf.h"

struct btflayout_task {
  int pid;
  int tgid;
} __preserve;

__noinline int btflayout_a(struct btflayout_task *task) {
  return task->tgid;
}

SEC("raw_tp")
int btflayout_entry_a(struct btflayout_task *task) {
  return btflayout_a(task);
}
