/* The same program as one file. */
#include "main.c"
#include "task.c"
