// The same program as one file.
#define mixed first_mixed
#define seed first_seed
#include "first.cc"
#undef mixed
#undef seed
#include "second.cc"
