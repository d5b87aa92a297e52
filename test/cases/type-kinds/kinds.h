enum kinds_small { KINDS_MINUS = -1, KINDS_ONE = 1 };
enum kinds_big { KINDS_HUGE = 0x100000000ULL, KINDS_TWO = 2 };
struct kinds_forward;
union kinds_forward_union;

struct kinds_node {
  struct kinds_node *next;
  struct kinds_forward *forward;
  union kinds_forward_union *forward_union;
  int bits_a : 3;
  unsigned bits_b : 29;
  enum kinds_small small : 4;
  __u64 bits_c : 40;
  union {
    float ratio;
    double wide;
    struct {
      char inner[3][5];
      _Bool yes;
    };
  };
  int (*callback)(struct kinds_node *, const char *restrict, ...);
  const volatile enum kinds_big big;
  __u8 flexible[];
};
