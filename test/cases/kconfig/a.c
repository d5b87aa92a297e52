#include "kc.h"

extern bool CONFIG_BPF_JIT __kconfig __weak;
extern bool LINUX_HAS_BPF_COOKIE __kconfig;

SEC("syscall")
int kc_a(void *ctx) {
  int sum = 0;

  if (LINUX_KERNEL_VERSION >= 0x50000) sum += 1;
  if (CONFIG_BPF_SYSCALL == TRI_YES) sum += 2;
  if (CONFIG_KC_NO_KERNEL_HAS_THIS == 0) sum += 4;
  if (CONFIG_BPF_JIT) sum += 8;
  if (LINUX_HAS_BPF_COOKIE) sum += 16;
  return sum + kc_other();
}
