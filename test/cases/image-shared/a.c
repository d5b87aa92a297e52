#include "bpf.h"

extern __u64 library_get(__u32 i);
extern __u64 library_limit;
extern __u64 *library_slot;
__u64 **shared_pointer = &library_slot;

static const char *const names[] = { "left", "right" };
__u64 shared_hits;

static __noinline __u64 inner(__u64 value) { return value * 3 + shared_hits; }
__u64 __hidden shared_hidden(__u64 value) { return inner(value) ^ 5; }
__u64 shared_weak(void) __weak;
__u64 shared_weak(void) { return 9; }

__u64 shared_api(__u32 i)
{
	if (library_get(i) > library_limit)
		return shared_hidden(names[i & 1][0]);
	return inner(i) + shared_weak();
}
