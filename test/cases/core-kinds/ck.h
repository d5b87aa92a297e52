#include "kernel.h"

enum { FIELD_BYTE_OFFSET, FIELD_BYTE_SIZE, FIELD_EXISTS, FIELD_SIGNED, FIELD_LSHIFT_U64, FIELD_RSHIFT_U64 };
enum { TYPE_ID_LOCAL, TYPE_ID_TARGET };
enum { TYPE_EXISTS, TYPE_SIZE, TYPE_MATCHES };
enum { ENUMVAL_EXISTS, ENUMVAL_VALUE };

struct iphdr {
  __u8 version : 4;
  __u8 ihl : 4;
  __u8 tos;
} __preserve;

struct task_struct___other {
  long pid;
  int ck_no_kernel_has_this;
} __preserve;

struct ck_no_kernel_has_this {
  int x;
} __preserve;

/* Their numbers are the kernel's to say. */
enum bpf_map_type {
  BPF_MAP_TYPE_HASH = 71,
  BPF_MAP_TYPE_ARRAY = 72,
  BPF_MAP_TYPE_NO_KERNEL_HAS_THIS = 73,
};

int ck_types(void);
