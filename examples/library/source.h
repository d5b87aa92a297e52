/* SPDX-License-Identifier: Apache-2.0 */
/* The source address of a packet, for both programs. */
#ifndef SOURCE_H
#define SOURCE_H

#include "../include/bpf_helpers.h"

#define ETHERTYPE_IPV4 0x0800

/* 0 for what is no IPv4. */
static __always_inline __u32 source_of(struct xdp_md *ctx) {
  const __u8 *data = (const __u8 *)(long)ctx->data;
  const __u8 *end = (const __u8 *)(long)ctx->data_end;
  const __u8 *address = data + 14 + 12;

  if (address + 4 > end || data[12] != ETHERTYPE_IPV4 >> 8 || data[13] != (ETHERTYPE_IPV4 & 0xff)) return 0;
  return (__u32)address[0] << 24 | address[1] << 16 | address[2] << 8 | address[3];
}

#endif
