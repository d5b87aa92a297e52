#include "bpf.h"

__weak int arccom_limit = 20;
