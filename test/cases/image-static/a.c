#include "bpf.h"

extern __u64 static_scale(__u64 value, __u32 by);
extern const char *static_word(__u32 i);
extern __u64 static_count;
extern __u64 machine_time(void);
extern void machine_say(const char *text, __u64 size);
extern void static_maybe(void) __weak;

static __noinline __u64 local_mix(__u64 a, __u64 b) { return a * 31 + b; }

static __u64 total;
__u32 static_order __hidden = 3;

SEC("program") __u64 static_go(struct xdp_md *context)
{
	__u64 value = local_mix(context->data, static_scale(7, static_order));
	const char *word = static_word(1);

	if (static_maybe)
		static_maybe();
	for (__u32 i = 0; word[i]; i++)
		value = value * 131 + word[i];
	machine_say(word, 4);
	total += value ^ machine_time();
	static_count++;
	return total + 0x0123456789abcdefULL;
}

char _license[] SEC("license") = "GPL";
