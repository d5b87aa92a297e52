#include "ur.h"

struct ur_map ur_requests SEC(".maps");

char ur_license[] SEC("license") = "GPL";
