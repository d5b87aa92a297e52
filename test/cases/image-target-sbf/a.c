#include "bpf.h"

extern void sol_log_64_(__u64 a, __u64 b, __u64 c, __u64 d, __u64 e);
extern __u64 sbf_weigh(const char *text);

typedef __u64 operation(__u64 value);
static __noinline __u64 twice(__u64 value) { return value * 2; }
static __noinline __u64 square(__u64 value) { return value * value; }
static operation *const table[] = { twice, square };

SEC("anything.long.named") __u64 entrypoint(__u8 *input)
{
	__u64 value = table[input[0] & 1](sbf_weigh("strings"));

	sol_log_64_(value, 0, 0, 0, 0);
	return value;
}

char _license[] SEC("license") = "GPL";
