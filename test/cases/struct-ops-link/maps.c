#include "ops.h"

SEC(".struct_ops.link") struct bpf_dummy_ops sol_linked = {
    .test_1 = (void *)sol_first,
    .test_2 = (void *)sol_second,
};

SEC(".struct_ops") struct bpf_dummy_ops sol_plain = {.test_1 = (void *)sol_first};

/* Left to the user: neither the map nor the program that only it names is loaded. */
SEC("?.struct_ops.link") struct bpf_dummy_ops sol_left = {.test_1 = (void *)sol_optional};
SEC("?.struct_ops") struct bpf_dummy_ops sol_left_plain = {.test_1 = (void *)sol_optional};

char sol_license[] SEC("license") = "GPL";
