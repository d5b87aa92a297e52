#include "bpf.h"

struct gcr_ops {
  int (*run)(void *ctx);
  long kept;
};

__noinline int gcr_throw(__u64 cookie) {
  barrier();
  return cookie;
}

__noinline int gcr_dead(int x) {
  barrier();
  return x;
}

SEC("socket") __tag("exception_callback:gcr_throw")
int gcr_program(void *ctx) {
  return 1;
}

SEC("struct_ops/run")
int gcr_run(void *ctx) {
  return 2;
}

struct gcr_ops gcr_table SEC(".struct_ops") = {.run = gcr_run, .kept = 1};

__attribute__((retain, used)) int gcr_retained = 3;
int gcr_removed = 4;
int gcr_custom __attribute__((section("gcr_own"))) = 5;

extern int gcr_common;

SEC("socket")
int gcr_other(void *ctx) {
  return gcr_common;
}
