/* The entry point in user-space machines: r1 is the address of the request. */
#include "program.h"

u64 entrypoint(struct request *request)
{
	u64 result = compute(request);

	request->result = result;
	return result;
}
