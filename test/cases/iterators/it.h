#include "kernel.h"

struct seq_file;
struct bpf_map;

struct bpf_iter_meta {
  struct seq_file *seq;
  __u64 session_id;
  __u64 seq_num;
} __preserve;

struct bpf_iter__task {
  struct bpf_iter_meta *meta;
  struct task_struct *task;
} __preserve;

struct bpf_iter__bpf_map_elem {
  struct bpf_iter_meta *meta;
  struct bpf_map *map;
  void *key;
  void *value;
} __preserve;

extern int bpf_iter_num_new(struct bpf_iter_num *it, int start, int end) __ksym;
extern int *bpf_iter_num_next(struct bpf_iter_num *it) __ksym;
extern void bpf_iter_num_destroy(struct bpf_iter_num *it) __ksym;

int it_count(int pid);
int it_sum(int until);
extern __u64 it_elements;
