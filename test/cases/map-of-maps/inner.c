#include "mm.h"

struct mm_inner mm_first SEC(".maps");
struct mm_inner mm_second SEC(".maps");
struct mm_named mm_names SEC(".maps") = {.values = {[1] = &mm_third}};

char mm_license[] SEC("license") = "GPL";
