/* The input: accounts one after the other, then the instruction's data and the program's key. Little endian. */
#include "sol.h"

#define KEY 32
/* Room after the data of an account, for it to grow. */
#define GROWTH 10240
#define NOT_A_COPY 0xff

static u8 *align(u8 *at)
{
	return (u8 *)(((u64)at + 7) & ~7ULL);
}

static u64 number(const u8 *at)
{
	return *(const u64 *)at;
}

u64 sol_parse(u8 *input, struct sol_input *parsed)
{
	u64 count = number(input);
	u8 *at = input + 8;

	if (count > MAX_ACCOUNTS)
		return SOL_INVALID_ARGUMENT;
	for (u64 i = 0; i < count; i++) {
		struct sol_account *account = &parsed->accounts[i];

		/* An account that was given before: only its index. */
		if (at[0] != NOT_A_COPY) {
			if (at[0] >= i)
				return SOL_INVALID_ARGUMENT;
			*account = parsed->accounts[at[0]];
			at += 8;
			continue;
		}
		account->signer = at[1];
		account->writable = at[2];
		account->key = at + 8;
		account->owner = at + 8 + KEY;
		account->lamports = (u64 *)(at + 8 + 2 * KEY);
		account->size = number(at + 16 + 2 * KEY);
		account->data = at + 24 + 2 * KEY;
		/* After the data and its room: the epoch of the rent. */
		at = align(account->data + account->size + GROWTH) + 8;
	}
	parsed->count = count;
	parsed->size = number(at);
	parsed->data = at + 8;
	parsed->program = at + 8 + parsed->size;
	return SOL_SUCCESS;
}
