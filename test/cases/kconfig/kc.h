#include "kernel.h"

enum libbpf_tristate { TRI_NO = 0, TRI_YES = 1, TRI_MODULE = 2 };

extern int LINUX_KERNEL_VERSION __kconfig;
extern enum libbpf_tristate CONFIG_BPF_SYSCALL __kconfig;
extern unsigned long CONFIG_KC_NO_KERNEL_HAS_THIS __kconfig __weak;

int kc_other(void);
