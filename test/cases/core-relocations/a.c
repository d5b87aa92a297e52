#include "bpf.h"

struct core_nested {
  int first;
  int second;
} __preserve;

struct core_task {
  int pid;
  struct core_nested *nested;
  struct core_nested array[4];
  unsigned bits : 5;
} __preserve;

enum core_state { CORE_OFF, CORE_ON = 5 };

__noinline static int core_depth(struct core_task *task) {
  return task->nested->second + task->array[2].first;
}

SEC("raw_tp/shared")
int core_a(struct core_task *task) {
  return core_depth(task) + __builtin_preserve_field_info(task->bits, 0) +
         __builtin_preserve_type_info(*(struct core_task *)0, 1) +
         __builtin_preserve_enum_value(*(enum core_state *)CORE_ON, 1) +
         __builtin_btf_type_id(*(struct core_task *)0, 0);
}
