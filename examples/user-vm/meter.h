/* What the host and the program share, and what the parts of the program call in each other. */
#pragma once

typedef unsigned char u8;
typedef unsigned int u32;
typedef unsigned long long u64;

#define HIDDEN __attribute__((visibility("hidden")))
#define CHANNELS 4

/* A reading: the host fills in channel and raw, the program the rest. */
struct reading {
	u32 channel;
	u32 raw;
	u64 value;
	u64 excess;
};

/* Helpers of the host. */
extern void alarm(u32 channel, u64 value);
extern void note(const char *text, u64 length);

/* scale.c: what a raw number of this channel means, in thousandths. */
HIDDEN u64 scaled(u32 channel, u32 raw);

/* limits.c: how often this channel has been over its limit without a pause. */
HIDDEN u64 check_limit(u32 channel, u64 value);
extern u64 limits[CHANNELS] HIDDEN;
extern u64 readings HIDDEN;
