/* The operations, in a table of names and functions: addresses in constant data. */
#include "ledger.h"

static u64 deposit(struct ledger *ledger, u64 amount)
{
	if (ledger->balance + amount < amount)
		return SOL_INVALID_DATA;
	ledger->balance += amount;
	return SOL_SUCCESS;
}

static u64 withdraw(struct ledger *ledger, u64 amount)
{
	if (amount > ledger->balance)
		return SOL_INVALID_DATA;
	ledger->balance -= amount;
	return SOL_SUCCESS;
}

/* So many hundredths of the balance, rounded down. */
static u64 interest(struct ledger *ledger, u64 percent)
{
	return deposit(ledger, ledger->balance / 100 * percent);
}

const struct operation operations[OPERATIONS] = {
	{ "deposit", deposit },
	{ "withdraw", withdraw },
	{ "interest", interest },
};
