#include "bpf.h"

extern int similar_lookup_flw(int key);
extern int similar_hash(int key);
extern int similar_absent_everywhere(int key);
extern int similar_lookup_rule(int key);

SEC("tc") int similar_program(void *ctx)
{
	return similar_lookup_flw(1) + similar_hash(2) + similar_absent_everywhere(3) + similar_lookup_rule(4);
}
