// SPDX-License-Identifier: Apache-2.0
/* Sends events to user space, and keeps the totals. */
#include "exec.h"

#define NS_PER_SECOND 1000000000ull

/* Of the kernel's configuration; the loader fills them in. */
extern int LINUX_KERNEL_VERSION __kconfig;
extern unsigned long CONFIG_HZ __kconfig;
extern bool CONFIG_BPF_SYSCALL __kconfig;

/* Kernel functions that older kernels lack: there they read as null. */
extern void bpf_preempt_disable(void) __ksym __weak;
extern void bpf_preempt_enable(void) __ksym __weak;

struct events_map events SEC(".maps");

struct exec_totals totals;
__u32 next_sequence = 100;

/* Events by outcome: sent, lost. Other files have statics of this name. */
static __u64 calls[2];

/* Kernels from this one on wake a reader only once it has caught up. */
const volatile __s32 quiet_since = 0x050800;

/* The counters of one event move together. */
static __noinline int finish(int sent) {
  bool exclusive = bpf_preempt_disable && bpf_preempt_enable;

  if (exclusive) bpf_preempt_disable();
  calls[sent ? 0 : 1]++;
  if (sent)
    totals.traced++;
  else
    totals.lost++;
  if (exclusive) bpf_preempt_enable();
  return sent ? 1 : -1;
}

int send_event(const struct exec_event *event) {
  struct exec_event *copy;

  if (!event) return -1;
  copy = bpf_ringbuf_reserve(&events, sizeof(*copy), 0);
  if (!copy) return finish(0);
  *copy = *event;
  bpf_ringbuf_submit(copy, LINUX_KERNEL_VERSION >= quiet_since ? 0 : BPF_RB_FORCE_WAKEUP);
  return finish(1);
}

/* Whole clock ticks in so many nanoseconds. */
__u64 ticks_of(__u64 ns) {
  if (!CONFIG_BPF_SYSCALL) return 0;
  return ns / (NS_PER_SECOND / CONFIG_HZ);
}

BPF_LICENSE("GPL");
