#include "ck.h"

SEC("syscall")
int ck_fields(void *ctx) {
  struct task_struct *task = bpf_get_current_task_btf();
  struct task_struct___other *other = (void *)task;
  struct iphdr *ip = (void *)task;
  int sum = 0;

  if (task->pid == (__u32)bpf_get_current_pid_tgid()) sum += 1;
  if (__builtin_preserve_field_info(task->pid, FIELD_BYTE_OFFSET) > 0) sum += 2;
  if (__builtin_preserve_field_info(other->pid, FIELD_BYTE_SIZE) == 4) sum += 4;
  if (__builtin_preserve_field_info(task->tgid, FIELD_EXISTS)) sum += 8;
  if (__builtin_preserve_field_info(other->ck_no_kernel_has_this, FIELD_EXISTS)) sum += 16;
  if (__builtin_preserve_field_info(task->pid, FIELD_SIGNED)) sum += 32;
  if (__builtin_preserve_field_info(ip->version, FIELD_LSHIFT_U64) == 56) sum += 64;
  if (__builtin_preserve_field_info(ip->version, FIELD_RSHIFT_U64) == 60) sum += 128;
  return sum + ck_types();
}

char ck_license[] SEC("license") = "GPL";
