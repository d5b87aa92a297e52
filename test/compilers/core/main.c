typedef unsigned int u32;
typedef unsigned long long u64;

#define SEC(name) __attribute__((section(name), used))

struct request {
  u64 operation;
};

u32 thread(void);
u32 group(void);

SEC("syscall") int serve(struct request *context) {
  if (context->operation == 0) return thread() == group();
  return thread() > 0;
}

char program_license[] SEC("license") = "GPL";
