#include "pa.h"

struct pa_map pa_table SEC(".maps") = {.values = {[0] = pa_short, [3] = pa_long}};

char pa_license[] SEC("license") = "GPL";
