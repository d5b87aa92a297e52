/* What the program says, through Solana's syscalls. */
#include "program.h"

extern void sol_log_(const char *text, u64 length);
extern void sol_log_64_(u64 a, u64 b, u64 c, u64 d, u64 e);

void say_text(const char *text, u64 length)
{
	sol_log_(text, length);
}

void say_number(u64 number)
{
	sol_log_64_(number, 0, 0, 0, 0);
}
