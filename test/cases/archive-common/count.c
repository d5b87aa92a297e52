#include "bpf.h"

int arccom_count;
