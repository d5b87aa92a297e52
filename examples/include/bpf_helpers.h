/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The few declarations a BPF program needs besides its kernel types: section and symbol attributes, the encoding
 * of BTF-defined maps, and the kernel's helpers by number (enum bpf_func_id of include/uapi/linux/bpf.h).
 *
 * Written for these examples so that they build with clang alone.
 */
#ifndef EXAMPLES_BPF_HELPERS_H
#define EXAMPLES_BPF_HELPERS_H

#include "vmlinux.h"

#define SEC(name) __attribute__((section(name)))
#define __always_inline inline __attribute__((always_inline))
#define __noinline __attribute__((noinline))
#define __weak __attribute__((weak))
#define __hidden __attribute__((visibility("hidden")))

/* Externs that the loader resolves: against the kernel's symbols, or against its build configuration. */
#define __ksym __attribute__((section(".ksyms")))
#define __kconfig __attribute__((section(".kconfig")))

/* A BTF-defined map is a struct whose member types carry the attributes: numbers as array sizes, types as pointees. */
#define __uint(name, val) int(*name)[val]
#define __type(name, val) val *name
#define __array(name, val) __typeof__(val) *name[]

/*
 * Every file of a program states the license; the linker keeps one. A program compiled as one file (whole.bpf.c)
 * defines WHOLE_PROGRAM and states it once.
 */
#ifdef WHOLE_PROGRAM
#define BPF_LICENSE(text) _Static_assert(sizeof(text) > 1, "a license has a name")
#else
#define BPF_LICENSE(text) char LICENSE[] SEC("license") = text
#endif

static void *(*const bpf_map_lookup_elem)(void *map, const void *key) = (void *)1;
static long (*const bpf_map_update_elem)(void *map, const void *key, const void *value, __u64 flags) = (void *)2;
static long (*const bpf_map_delete_elem)(void *map, const void *key) = (void *)3;
static __u64 (*const bpf_ktime_get_ns)(void) = (void *)5;
static long (*const bpf_trace_printk)(const char *format, __u32 size, ...) = (void *)6;
static __u32 (*const bpf_get_smp_processor_id)(void) = (void *)8;
static long (*const bpf_tail_call)(void *ctx, void *prog_array, __u32 index) = (void *)12;
static __u64 (*const bpf_get_current_pid_tgid)(void) = (void *)14;
static __u64 (*const bpf_get_current_uid_gid)(void) = (void *)15;
static long (*const bpf_get_current_comm)(void *buffer, __u32 size) = (void *)16;
static __u64 (*const bpf_get_current_task)(void) = (void *)35;
static long (*const bpf_probe_read_kernel)(void *to, __u32 size, const void *from) = (void *)113;
static long (*const bpf_probe_read_user_str)(void *to, __u32 size, const void *from) = (void *)114;
static long (*const bpf_probe_read_kernel_str)(void *to, __u32 size, const void *from) = (void *)115;
static void *(*const bpf_ringbuf_reserve)(void *ringbuf, __u64 size, __u64 flags) = (void *)131;
static void (*const bpf_ringbuf_submit)(void *data, __u64 flags) = (void *)132;
static void (*const bpf_ringbuf_discard)(void *data, __u64 flags) = (void *)133;
static void *(*const bpf_per_cpu_ptr)(const void *percpu, __u32 cpu) = (void *)153;
static void *(*const bpf_this_cpu_ptr)(const void *percpu) = (void *)154;
static long (*const bpf_for_each_map_elem)(void *map, void *callback, void *ctx, __u64 flags) = (void *)164;
static long (*const bpf_timer_init)(struct bpf_timer *timer, void *map, __u64 flags) = (void *)169;
static long (*const bpf_timer_set_callback)(struct bpf_timer *timer, void *callback) = (void *)170;
static long (*const bpf_timer_start)(struct bpf_timer *timer, __u64 nsecs, __u64 flags) = (void *)171;
static long (*const bpf_timer_cancel)(struct bpf_timer *timer) = (void *)172;
static long (*const bpf_loop)(__u32 iterations, void *callback, void *ctx, __u64 flags) = (void *)181;
static long (*const bpf_strncmp)(const char *left, __u32 size, const char *right) = (void *)182;

/* The format lands in .rodata, as the verifier wants it for bpf_trace_printk(). */
#define bpf_printk(format, args...)                             \
  ({                                                            \
    static const char text[] = format;                          \
    bpf_trace_printk(text, sizeof(text), ##args);               \
  })

/* Keeps the compiler from moving a bounds check away from the access that it guards. */
#define barrier_var(var) asm volatile("" : "+r"(var))

/* Network byte order on either target. */
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
#define bpf_ntohs(value) __builtin_bswap16(value)
#define bpf_ntohl(value) __builtin_bswap32(value)
#else
#define bpf_ntohs(value) ((__u16)(value))
#define bpf_ntohl(value) ((__u32)(value))
#endif
#define bpf_htons(value) bpf_ntohs(value)
#define bpf_htonl(value) bpf_ntohl(value)

#endif
