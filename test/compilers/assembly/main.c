typedef unsigned long long u64;

#define SEC(name) __attribute__((section(name), used))

struct request {
  u64 operation;
  u64 value;
};

/* Functions of the .s files, which have no BTF. */
u64 llvm_add(u64 value);
u64 gnu_add(u64 value);

u64 shared = 5;

SEC("syscall") int serve(struct request *context) {
  u64 value = context->value;
  u64 sum;
#ifdef __clang__
  asm volatile("%0 = %1\n%0 += 11" : "=r"(sum) : "r"(value));
#else
  asm volatile("mov %0,%1\n\tadd %0,11" : "=&r"(sum) : "r"(value));
#endif
  if (context->operation == 0) return sum;
  if (context->operation == 1) return llvm_add(sum);
  return gnu_add(sum) + shared;
}

char program_license[] SEC("license") = "GPL";
