#include "kptr.h"

struct kp_map kp_slots SEC(".maps");

char kp_license[] SEC("license") = "GPL";
