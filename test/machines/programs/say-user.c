/* What the program says, through helpers of a user-space machine: numbered by --helper, or looked up by name. */
#include "program.h"

extern void log_number(u64 number);
extern void log_text(const char *text, u64 length);

void say_text(const char *text, u64 length)
{
	log_text(text, length);
}

void say_number(u64 number)
{
	log_number(number);
}
