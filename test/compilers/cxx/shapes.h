// Definitions that every object which includes this has, in groups of which a link keeps one.
#pragma once
using u32 = unsigned int;
using u64 = unsigned long long;

#define SEC(name) __attribute__((section(name), used))
#define NOINLINE __attribute__((noinline))

struct request {
  u64 operation;
  u64 value;
};

// An inline variable, and one of a template: one of each in the program.
inline u64 calls = 1;

template <typename T> T largest = T(7);

template <typename T, u32 Factor> struct Scaled {
  T value;

  NOINLINE T get() const {
    calls++;
    return value * Factor;
  }
};

template <typename T> NOINLINE T clamp(T value, T limit) {
  if (value > largest<T>) largest<T> = value;
  return value > limit ? limit : value;
}

inline NOINLINE u64 twice(u64 value) {
  static u64 times = 3;
  return value * 2 + times++;
}

namespace stats {
u64 sum(u64 first, u64 second);
}
u64 sum(u64 only);
