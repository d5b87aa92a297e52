#include "bpf.h"

static __noinline int similar_hash(int key)
{
	volatile int mixed = key * 31;

	return mixed;
}

__noinline int similar_lookup_flow(int key)
{
	return similar_hash(key);
}

__noinline int similar_lookup_rule(int key)
{
	return similar_hash(key + 1);
}
