#include "bpf.h"

extern __u64 ubpf_part(__u32 i);
extern void ubpf_say(const char *text, __u64 size);

static __noinline __u64 inner(__u64 value) { return value * 7; }
static __u64 calls;

SEC("main") __u64 ubpf_main(__u32 *input)
{
	ubpf_say("hello", 5);
	calls++;
	return inner(ubpf_part(*input)) + calls;
}
