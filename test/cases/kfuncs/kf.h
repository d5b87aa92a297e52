#include "kernel.h"

/* The loader wants of a struct that it is one. */
struct bpf_cpumask {
  int opaque;
} __preserve;
struct cpumask {
  int opaque;
} __preserve;

extern struct bpf_cpumask *bpf_cpumask_create(void) __ksym;
extern void bpf_cpumask_release(struct bpf_cpumask *mask) __ksym;
extern void bpf_cpumask_set_cpu(__u32 cpu, struct bpf_cpumask *mask) __ksym;
extern __u32 bpf_cpumask_first(const struct cpumask *mask) __ksym;
extern void bpf_rcu_read_lock(void) __ksym;
extern void bpf_rcu_read_unlock(void) __ksym;
extern int bpf_kf_no_kernel_has_this(int value) __ksym __weak;

int kf_first_of(__u32 cpu);
