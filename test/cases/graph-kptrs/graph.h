#include "kernel.h"

struct gk_item {
  __u64 value;
  struct bpf_list_node node;
};

struct gk_queue {
  struct bpf_spin_lock lock;
  struct bpf_list_head head __contains(gk_item, node);
};

struct gk_map {
  __uint(type, MAP_ARRAY);
  __uint(max_entries, 1);
  __type(key, __u32);
  __type(value, struct gk_queue);
};

extern struct gk_map gk_queues SEC(".maps");

extern void *bpf_obj_new_impl(__u64 type, void *meta) __ksym;
extern void bpf_obj_drop_impl(void *object, void *meta) __ksym;
extern int bpf_list_push_back_impl(struct bpf_list_head *head, struct bpf_list_node *node, void *meta, __u64 off) __ksym;
extern struct bpf_list_node *bpf_list_pop_front(struct bpf_list_head *head) __ksym;

#define gk_new() ((struct gk_item *)bpf_obj_new_impl(__builtin_btf_type_id(*(struct gk_item *)0, 0), 0))
