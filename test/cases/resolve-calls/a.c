#include "bpf.h"

extern __u64 resolve_far(__u64 value);
__u64 resolve_default(void) __weak;
__u64 resolve_default(void) { return 4; }
__noinline __u64 resolve_near(__u64 value) { return value * 5; }
__noinline __u64 resolve_use(__u64 value) { return resolve_near(value) + resolve_far(value) + resolve_default(); }

SEC("xdp") int resolve_program(struct xdp_md *context)
{
	return resolve_use(context->data) > 3;
}
