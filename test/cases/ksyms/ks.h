#include "kernel.h"

extern const void schedule __ksym;
extern const void ks_no_kernel_has_this __ksym __weak;
extern const int ks_typed_no_kernel_has_this __ksym __weak;

/* An address that the compiler does not know to be one. */
#define ks_address(symbol)                        \
  ({                                              \
    __u64 address = (__u64)&symbol;               \
    asm volatile("" : "+r"(address));             \
    address;                                      \
  })

int ks_other(void);
