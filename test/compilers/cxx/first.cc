#include "shapes.h"

namespace {
u64 seed = 2;

NOINLINE u64 mixed(u64 value) {
  return value * 3 + seed++;
}
} // namespace

extern "C" SEC("syscall") int serve(request *context) {
  u64 value = context->value;
  switch (context->operation) {
  case 0:
    return clamp<u64>(value, 100) + calls;
  case 1:
    return Scaled<u64, 5>{value}.get() + mixed(value);
  case 2:
    return twice(value) + stats::sum(value, 1);
  case 3:
    return sum(value) + largest<u64>;
  }
  return calls;
}

SEC("license") char program_license[] = "GPL";
