/* The program: finds the ledger, and lets an operation change it. */
#include "ledger.h"

u64 entrypoint(u8 *input)
{
	struct sol_input parsed;
	const struct operation *operation;
	struct ledger *ledger;
	u64 error = sol_parse(input, &parsed);

	if (error)
		return error;
	if (parsed.count < 1 || parsed.size != 9 || parsed.data[0] >= OPERATIONS)
		return SOL_INVALID_ARGUMENT;
	error = sol_owned(&parsed.accounts[0], parsed.program);
	if (error) {
		sol_say("not an account of this program");
		return error;
	}
	if (parsed.accounts[0].size < sizeof(*ledger))
		return SOL_INVALID_DATA;
	ledger = (struct ledger *)parsed.accounts[0].data;
	operation = &operations[parsed.data[0]];
	sol_say(operation->name);
	error = operation->apply(ledger, *(const u64 *)(parsed.data + 1));
	if (error)
		return error;
	ledger->entries++;
	sol_memcpy_(ledger->last, operation->name, sizeof(ledger->last));
	sol_say_numbers(ledger->balance, ledger->entries);
	return SOL_SUCCESS;
}
