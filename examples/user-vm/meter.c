/* The program: one reading in, its value and its alarms out. */
#include "meter.h"

#define SAY(text) note(text, sizeof(text) - 1)

u64 entrypoint(struct reading *reading)
{
	if (reading->channel >= CHANNELS) {
		SAY("no such channel");
		return 0;
	}
	reading->value = scaled(reading->channel, reading->raw);
	reading->excess = check_limit(reading->channel, reading->value);
	/* Once is noise. */
	if (reading->excess >= 2)
		alarm(reading->channel, reading->value);
	return readings;
}
