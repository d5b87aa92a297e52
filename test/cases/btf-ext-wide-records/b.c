#include "bpf.h"

struct widerec_task {
  int pid;
  int tgid;
} __preserve;

__noinline int widerec_b(struct widerec_task *task) {
  return task->tgid;
}

SEC("raw_tp")
int widerec_entry_b(struct widerec_task *task) {
  return widerec_b(task);
}
