#include "kernel.h"

extern const void schedule __ksym;
extern const void ks_no_kernel_has_this __ksym __weak;
extern const int ks_typed_no_kernel_has_this __ksym __weak;

int ks_other(void);
