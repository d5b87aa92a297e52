#include "bpf.h"

typedef int (*dataptr_op)(int);

static int dataptr_inc(int x) {
  return x + 1;
}

static int dataptr_dec(int x) {
  return x - 1;
}

int dataptr_public_b(int x) {
  return x * 2;
}

static const char dataptr_name[] = "name of b";
static volatile __u32 dataptr_cells[4] = {1, 2, 3, 4};
extern int dataptr_shared;
int dataptr_shared = 11;

dataptr_op dataptr_table_b[3] = {dataptr_dec, dataptr_inc, dataptr_public_b};
const char *dataptr_names_b[2] = {dataptr_name, dataptr_name + 5};
volatile void *dataptr_cell_b = &dataptr_cells[2];
int *dataptr_extern_b = &dataptr_shared;

SEC("socket")
int dataptr_b(void *ctx) {
  return dataptr_cells[1] + dataptr_shared + (dataptr_table_b[1] != 0) + (dataptr_names_b[0] != 0) +
         (dataptr_cell_b != 0) + (dataptr_extern_b != 0);
}
