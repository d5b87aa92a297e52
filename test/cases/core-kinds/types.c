#include "ck.h"

__noinline int ck_types(void) {
  int sum = 0;

  if (__builtin_btf_type_id(*(struct task_struct *)0, TYPE_ID_LOCAL)) sum += 256;
  if (__builtin_btf_type_id(*(struct task_struct *)0, TYPE_ID_TARGET) !=
      __builtin_btf_type_id(*(struct task_struct *)0, TYPE_ID_LOCAL))
    sum += 512;
  if (__builtin_preserve_type_info(*(struct task_struct *)0, TYPE_EXISTS)) sum += 1024;
  if (__builtin_preserve_type_info(*(struct ck_no_kernel_has_this *)0, TYPE_EXISTS)) sum += 2048;
  if (__builtin_preserve_type_info(*(struct task_struct *)0, TYPE_MATCHES)) sum += 4096;
  if (__builtin_preserve_type_info(*(struct task_struct___other *)0, TYPE_MATCHES)) sum += 8192;
  if (__builtin_preserve_type_info(*(struct iphdr *)0, TYPE_SIZE) == 20) sum += 16384;
  if (__builtin_preserve_enum_value(*(enum bpf_map_type *)BPF_MAP_TYPE_ARRAY, ENUMVAL_EXISTS)) sum += 32768;
  if (__builtin_preserve_enum_value(*(enum bpf_map_type *)BPF_MAP_TYPE_NO_KERNEL_HAS_THIS, ENUMVAL_EXISTS))
    sum += 65536;
  if (__builtin_preserve_enum_value(*(enum bpf_map_type *)BPF_MAP_TYPE_HASH, ENUMVAL_VALUE) == 1) sum += 131072;
  return sum;
}

char ck_license[] SEC("license") = "GPL";
