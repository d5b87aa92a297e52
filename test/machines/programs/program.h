/* What the parts of the test programs share. Freestanding: the same files are compiled for BPF and for the host. */
#pragma once

typedef unsigned char u8;
typedef unsigned int u32;
typedef unsigned long long u64;

#define HIDDEN __attribute__((visibility("hidden")))

/* The memory every program gets, and answers in. */
struct request {
	u64 seed;
	u32 rounds;
	u32 kind;
	u64 words[2];
	u64 result;
};

/* Each program defines this. */
HIDDEN u64 compute(struct request *request);

/* Where what a program says goes is up to the machine: say-user.c, say-solana.c, host.c. */
HIDDEN void say_text(const char *text, u64 length);
HIDDEN void say_number(u64 number);
