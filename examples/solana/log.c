#include "sol.h"

void sol_say(const char *text)
{
	u64 length = 0;

	while (text[length])
		length++;
	sol_log_(text, length);
}

void sol_say_numbers(u64 a, u64 b)
{
	sol_log_64_(a, b, 0, 0, 0);
}
