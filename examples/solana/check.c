#include "sol.h"

int sol_same_key(const u8 *one, const u8 *other)
{
	for (u32 i = 0; i < 32; i++) {
		if (one[i] != other[i])
			return 0;
	}
	return 1;
}

u64 sol_owned(const struct sol_account *account, const u8 *program)
{
	if (!account->writable || !sol_same_key(account->owner, program))
		return SOL_INVALID_ARGUMENT;
	return SOL_SUCCESS;
}
