#include "bpf.h"

int arccom_limit = 10;
