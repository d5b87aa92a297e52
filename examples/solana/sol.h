/* libsol: what a Solana program gets and may call, as far as this example needs it. */
#pragma once

typedef unsigned char u8;
typedef unsigned int u32;
typedef unsigned long long u64;

/* Parts of the program share names that the outside must not see. */
#define HIDDEN __attribute__((visibility("hidden")))

#define MAX_ACCOUNTS 8

/* An account, read in place: the pointers lead into the input. */
struct sol_account {
	const u8 *key;
	const u8 *owner;
	u64 *lamports;
	u8 *data;
	u64 size;
	u8 signer;
	u8 writable;
};

struct sol_input {
	struct sol_account accounts[MAX_ACCOUNTS];
	u64 count;
	const u8 *data;
	u64 size;
	const u8 *program;
};

#define SOL_SUCCESS 0ULL
#define SOL_ERROR(number) ((u64)(number) << 32)
#define SOL_INVALID_ARGUMENT SOL_ERROR(2)
#define SOL_INVALID_DATA SOL_ERROR(3)

/* parse.c: reads the input that the machine puts at r1; 0, or an error when it holds more than fits. */
HIDDEN u64 sol_parse(u8 *input, struct sol_input *parsed);

/* check.c */
HIDDEN int sol_same_key(const u8 *one, const u8 *other);
HIDDEN u64 sol_owned(const struct sol_account *account, const u8 *program);

/* log.c */
HIDDEN void sol_say(const char *text);
HIDDEN void sol_say_numbers(u64 a, u64 b);

/* Syscalls: by these names, whatever the version of the machine. */
extern void sol_log_(const char *text, u64 length);
extern void sol_log_64_(u64 a, u64 b, u64 c, u64 d, u64 e);
extern void sol_memcpy_(void *to, const void *from, u64 size);
