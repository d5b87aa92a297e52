#include "bpf.h"

typedef __u64 operation(__u64 value, __u32 by);

static __noinline __u64 times(__u64 value, __u32 by) { return value * by; }
static __noinline __u64 plus(__u64 value, __u32 by) { return value + by; }

/* A word of data for each: functions, strings, the middle of an array. */
operation *const static_operations[2] = { times, plus };
static const char *const words[] = { "one", "two" };
static __u32 numbers[4] = { 1, 2, 3, 4 };
__u32 *static_middle = &numbers[2];
__u64 static_count;

__u64 static_scale(__u64 value, __u32 by) { return static_operations[by & 1](value, by) + *static_middle; }
const char *static_word(__u32 i) { return words[i & 1]; }
