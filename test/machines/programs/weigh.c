/* Follows the pointers, and says what it finds. */
#include "names.h"

static const struct name *const first = &names[0];

u64 weigh(const struct name *name)
{
	u64 sum = name->weight;

	for (u32 i = 0; i < name->length; i++)
		sum = sum * 33 + (u8)name->text[i];
	return sum ^ name->numbers[0];
}

u64 compute(struct request *request)
{
	const struct name *name = &names[request->kind & 3];
	u64 sum = weigh(first) + request->seed;

	say_text(name->text, name->length);
	sum = sum * 7 + weigh(name);
	say_number(sum);
	say_text("done", 4);
	return sum;
}
