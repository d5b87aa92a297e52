#pragma once
/* What the parts of the program share. Nothing from a kernel or a libc: no release of theirs may change an object. */
typedef unsigned char u8;
typedef unsigned int u32;
typedef unsigned long long u64;

#define SEC(name) __attribute__((section(name)))
#define NOINLINE __attribute__((noinline))
#define WEAK __attribute__((weak))

enum operation { MIX, WEIGH, STORE, RECALL, COUNT, POLICY };

/* What a program is run with: the context of serve, and the arguments of serve_second. */
struct request {
  u64 operation;
  u64 index;
  u64 value;
};

struct hits_map {
  int (*type)[2]; /* BPF_MAP_TYPE_ARRAY */
  int (*max_entries)[8];
  u32 *key;
  u64 *value;
};

extern struct hits_map hits SEC(".maps");

/* math.c */
u32 mix(const struct request *request);
u32 weigh(u32 index);
extern const u32 weights[8];
extern u32 rounds;

/* store.c */
u32 store(u32 index, u64 value);
u32 recall(u32 index);
u64 count(u32 operation);
u32 policy(u32 value);

#ifdef COMMON
u64 last_value;
u32 slots[8];
#else
extern u64 last_value;
extern u32 slots[8];
#endif
