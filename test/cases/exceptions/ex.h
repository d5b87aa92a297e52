#include "kernel.h"

extern void bpf_throw(__u64 cookie) __ksym;

int ex_check(int value);
int ex_callback(__u64 cookie);
