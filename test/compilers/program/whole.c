/* The same program as one file: what is static in each part has a name of its own. */
#define WHOLE
#define seed main_seed
#define scale main_scale
#include "main.c"
#undef seed
#undef scale
#define seed math_seed
#define scale math_scale
#include "math.c"
#undef seed
#undef scale
#include "store.c"
