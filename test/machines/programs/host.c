/*
 * The same programs as ordinary executables, to say what they should do: `program HEX` prints the result in
 * hexadecimal, then the memory, then what the program said, a line each.
 */
#include <stdio.h>
#include <string.h>
#include "program.h"

static char said[4096];

void say_text(const char *text, u64 length)
{
	snprintf(said + strlen(said), sizeof(said) - strlen(said), "%.*s\n", (int)length, text);
}

void say_number(u64 number)
{
	snprintf(said + strlen(said), sizeof(said) - strlen(said), "0x%llx\n", number);
}

int main(int count, char **words)
{
	struct request request = { 0 };
	u8 *bytes = (u8 *)&request;

	for (u32 i = 0; count > 1 && i < sizeof(request); i++) {
		if (sscanf(words[1] + 2 * i, "%2hhx", &bytes[i]) != 1)
			break;
	}
	request.result = compute(&request);
	printf("0x%llx\n", request.result);
	for (u32 i = 0; i < sizeof(request); i++)
		printf("%02x", bytes[i]);
	printf("\n%s", said);
	return 0;
}
