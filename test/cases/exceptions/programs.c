#include "ex.h"

SEC("tc") __exception_cb(ex_callback)
int ex_caught(struct __sk_buff *ctx) {
  return ex_check(ctx->len);
}

/* Its own throw makes the program return the cookie. */
SEC("tc")
int ex_default(struct __sk_buff *ctx) {
  return ex_check(ctx->len);
}

char ex_license[] SEC("license") = "GPL";
