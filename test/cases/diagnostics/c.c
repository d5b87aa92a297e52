#include "bpf.h"

char LICENSE[] SEC("license") = "Dual BSD/GPL";
