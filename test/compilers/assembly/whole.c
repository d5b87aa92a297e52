/* The program of main.c, llvm.s and gnu.s in C. */
typedef unsigned long long u64;

#define SEC(name) __attribute__((section(name), used))
#define NOINLINE __attribute__((noinline))

struct request {
  u64 operation;
  u64 value;
};

u64 shared = 5;
u64 llvm_value = 70;
u64 gnu_value = 40;

static NOINLINE u64 gnu_twice(u64 value) {
  return value * 2;
}

NOINLINE u64 gnu_add(u64 value) {
  value += gnu_value;
  if (value > 100) return 100;
  return gnu_twice(value) + shared;
}

NOINLINE u64 llvm_add(u64 value) {
  llvm_value++;
  return gnu_add(value) + llvm_value;
}

SEC("syscall") int serve(struct request *context) {
  u64 sum = context->value + 11;
  if (context->operation == 0) return sum;
  if (context->operation == 1) return llvm_add(sum);
  return gnu_add(sum) + shared;
}

char program_license[] SEC("license") = "GPL";
