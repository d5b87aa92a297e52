#include "bpf.h"

char LICENSE[] SEC("license") = "Proprietary";
