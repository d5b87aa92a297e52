#include "kc.h"

extern char CONFIG_CC_VERSION_TEXT[8] __kconfig;
extern char CONFIG_BPF_LSM __kconfig __weak;

__noinline int kc_other(void) {
  int sum = 0;

  if (LINUX_KERNEL_VERSION >= 0x50000) sum += 32;
  if (CONFIG_BPF_SYSCALL == TRI_YES) sum += 64;
  if (CONFIG_KC_NO_KERNEL_HAS_THIS) sum += 128;
  if (CONFIG_CC_VERSION_TEXT[0]) sum += 256;
  if (CONFIG_BPF_LSM == 'y' || CONFIG_BPF_LSM == 0) sum += 512;
  return sum;
}
