/* What fixtures for a recent kernel need of it: types, helpers and kernel functions, no more than is used. */
#ifndef FIXTURE_KERNEL_H
#define FIXTURE_KERNEL_H

#include "bpf.h"

typedef _Bool bool;
typedef signed char __s8;
typedef short __s16;

#define __kptr __type_tag("kptr")
#define __contains(kind, node) __tag("contains:" #kind ":" #node)
#define __exception_cb(name) __tag("exception_callback:" #name)
#define __arg_ctx __tag("arg:ctx")
#define __arg_nonnull __tag("arg:nonnull")
#define __arg_nullable __tag("arg:nullable")
#define __arg_trusted __tag("arg:trusted")
#define __arg_arena __tag("arg:arena")

enum {
  MAP_PERCPU_ARRAY = 6,
  MAP_HASH_OF_MAPS = 13,
  MAP_USER_RINGBUF = 31,
  F_NO_PREALLOC = 1,
  F_MMAPABLE = 1 << 10,
};

struct task_struct {
  int pid;
  int tgid;
} __preserve;

struct __sk_buff {
  __u32 len;
};

/* Opaque to programs: the verifier knows them by name and size. */
struct bpf_timer {
  __u64 opaque[2];
} __attribute__((aligned(8)));
struct bpf_wq {
  __u64 opaque[2];
} __attribute__((aligned(8)));
struct bpf_spin_lock {
  __u32 value;
};
struct bpf_list_head {
  __u64 opaque[2];
} __attribute__((aligned(8)));
struct bpf_list_node {
  __u64 opaque[3];
} __attribute__((aligned(8)));
struct bpf_dynptr {
  __u64 opaque[2];
} __attribute__((aligned(8)));
struct bpf_iter_num {
  __u64 opaque[1];
} __attribute__((aligned(8)));

static long (*const bpf_tail_call)(void *ctx, void *programs, __u32 index) = (void *)12;
static __u64 (*const bpf_get_current_pid_tgid)(void) = (void *)14;
static long (*const bpf_spin_lock)(struct bpf_spin_lock *lock) = (void *)93;
static long (*const bpf_spin_unlock)(struct bpf_spin_lock *lock) = (void *)94;
static long (*const bpf_probe_read_kernel)(void *to, __u32 size, const void *from) = (void *)113;
static long (*const bpf_seq_write)(void *seq, const void *data, __u32 size) = (void *)127;
static void *(*const bpf_this_cpu_ptr)(const void *percpu) = (void *)154;
static struct task_struct *(*const bpf_get_current_task_btf)(void) = (void *)158;
static long (*const bpf_timer_init)(struct bpf_timer *timer, void *map, __u64 flags) = (void *)169;
static long (*const bpf_timer_set_callback)(struct bpf_timer *timer, void *callback) = (void *)170;
static long (*const bpf_timer_start)(struct bpf_timer *timer, __u64 nsecs, __u64 flags) = (void *)171;
static long (*const bpf_timer_cancel)(struct bpf_timer *timer) = (void *)172;
static __u64 (*const bpf_get_attach_cookie)(void *ctx) = (void *)174;
static void *(*const bpf_kptr_xchg)(void *slot, void *pointer) = (void *)194;
static long (*const bpf_dynptr_read)(void *to, __u32 size, const struct bpf_dynptr *from, __u32 offset, __u64 flags) =
    (void *)201;
static long (*const bpf_user_ringbuf_drain)(void *map, void *callback, void *ctx, __u64 flags) = (void *)209;

#endif
