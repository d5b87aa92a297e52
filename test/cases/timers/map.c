#include "tm.h"

struct tm_map tm_cells SEC(".maps");

char tm_license[] SEC("license") = "GPL";
