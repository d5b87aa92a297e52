#include "shapes.h"

namespace {
u64 seed = 20;

NOINLINE u64 mixed(u64 value) {
  return value * 4 + seed++;
}
} // namespace

namespace stats {
NOINLINE u64 sum(u64 first, u64 second) {
  return clamp<u64>(first, 50) + mixed(second) + Scaled<u64, 5>{first}.get();
}
} // namespace stats

NOINLINE u64 sum(u64 only) {
  return Scaled<u64, 9>{only}.get() + twice(only) + calls;
}
