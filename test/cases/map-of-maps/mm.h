#include "kernel.h"

struct mm_inner {
  __uint(type, MAP_ARRAY);
  __uint(max_entries, 2);
  __type(key, __u32);
  __type(value, __u64);
};

struct mm_outer {
  __uint(type, MAP_ARRAY_OF_MAPS);
  __uint(max_entries, 4);
  __type(key, __u32);
  __array(values, struct mm_inner);
};

struct mm_named {
  __uint(type, MAP_HASH_OF_MAPS);
  __uint(max_entries, 2);
  __type(key, __u32);
  __array(values, struct mm_inner);
};

extern struct mm_inner mm_first SEC(".maps");
extern struct mm_inner mm_second SEC(".maps");
extern struct mm_inner mm_third SEC(".maps");
extern struct mm_outer mm_table SEC(".maps");
extern struct mm_named mm_names SEC(".maps");
