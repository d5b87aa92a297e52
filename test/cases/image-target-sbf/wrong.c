#include "bpf.h"

extern __u64 wrong_missing;
__u64 wrong_counter;
__u64 wrong_limit = 5;
struct {
	__uint(type, MAP_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u64);
} wrong_map SEC(".maps");

__u64 entrypoint(__u32 *input)
{
	wrong_counter += bpf_ktime_get_ns();
	*input = *input * 3 + (__u32)wrong_limit;
	return bpf_map_lookup_elem(&wrong_map, input) != 0;
}
