#include "bpf.h"

/* Long enough for its debug information to get shorter by compression. */
struct debugopt_record {
  int debugopt_first_member_of_the_record;
  int debugopt_second_member_of_the_record;
  int debugopt_third_member_of_the_record;
};

struct debugopt_record debugopt_record;

__attribute__((noinline)) int debugopt_inflated(int value) {
  debugopt_record.debugopt_first_member_of_the_record = value;
  return debugopt_record.debugopt_second_member_of_the_record;
}
