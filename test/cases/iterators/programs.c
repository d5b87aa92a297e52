#include "it.h"

SEC("iter/task")
int it_tasks(struct bpf_iter__task *ctx) {
  struct seq_file *seq = ctx->meta->seq;
  struct task_struct *task = ctx->task;
  int pid;

  if (!task) return 0;
  pid = it_count(task->pid);
  bpf_seq_write(seq, &pid, sizeof(pid));
  return 0;
}

SEC("iter.s/bpf_map_elem")
int it_map_elements(struct bpf_iter__bpf_map_elem *ctx) {
  if (ctx->key) it_elements++;
  return 0;
}

SEC("syscall")
int it_run(void *ctx) {
  return it_sum(5) * 10 + it_count(1);
}

char it_license[] SEC("license") = "GPL";
