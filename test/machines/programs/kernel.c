/* The entry point in the kernel: the request is the context of a syscall program. */
#include "program.h"

char _license[] __attribute__((section("license"), used)) = "GPL";

__attribute__((section("syscall"), used)) int run(struct request *context)
{
	struct request request = *context;

	context->result = compute(&request);
	return 0;
}
