#include "kernel.h"

enum e64_big { E64_SMALL = 1, E64_LARGE = 0x1122334455667788ull, E64_TOP = 0xffffffffffffffffull };
enum e64_negative { E64_LOW = -0x123456789abcll, E64_ZERO = 0 };

/* The kernel's own: a value that CO-RE looks up, whose local number is wrong on purpose. */
enum bpf_prog_type___local { BPF_PROG_TYPE_XDP___local = 60 };

struct e64_map {
  __uint(type, MAP_ARRAY);
  __uint(max_entries, 1);
  __type(key, __u32);
  __type(value, enum e64_big);
};

extern struct e64_map e64_values SEC(".maps");
extern enum e64_big e64_state;
extern enum e64_negative e64_depth;
