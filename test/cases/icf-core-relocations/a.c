#include "bpf.h"

struct icf_core_task {
  int pid;
  int tgid;
} __preserve;

struct icf_core_other {
  int pid;
} __preserve;

/* Equal: type, member and kind of relocation are. */
__noinline static int icf_core_pid(void *task) {
  return ((struct icf_core_task *)task)->pid;
}

__noinline static int icf_core_pid_again(void *task) {
  return ((struct icf_core_task *)task)->pid;
}

/* Equal bytes, another type. */
__noinline static int icf_core_other_pid(void *task) {
  return ((struct icf_core_other *)task)->pid;
}

/* Equal bytes, another question: whether the member is there. */
__noinline static int icf_core_exists(void *task) {
  return __builtin_preserve_field_info(((struct icf_core_task *)task)->pid, 2);
}

__noinline static int icf_core_other_exists(void *task) {
  return __builtin_preserve_field_info(((struct icf_core_task *)task)->tgid, 2);
}

SEC("raw_tp/icf")
int icf_core(void *task) {
  return icf_core_pid(task) + icf_core_pid_again(task) + icf_core_other_pid(task) +
         icf_core_exists(task) + icf_core_other_exists(task);
}
