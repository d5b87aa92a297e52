# Code in front of the first symbol, a symbol inside of a function, two names for one, jumps between
# functions, and what C seldom becomes.
  .text
  r0 = 1
  exit
  .globl dis_asm
  .type dis_asm,@function
  .globl dis_alias
  .type dis_alias,@function
dis_asm:
dis_alias:
.Lentry:
  r1 = dis_pair+4 ll
  r2 = dis_asm ll
inside:
  r1 = addr_space_cast(r1, 0x0, 0x1)
  w2 = *(u32 *)(r1 + 0)
  r2 = *(s8 *)(r1 - 1)
  r3 s/= r2
  w3 s%= 7
  w3 = atomic_fetch_add((u32 *)(r1 + 0), w3)
  lock *(u64 *)(r1 + 8) |= r2
  r0 = cmpxchg_64(r1 + 8, r0, r2)
  may_goto dis_end
  if w3 s> 5 goto inside
  if r3 & 1 goto .Lentry
  gotol dis_end
  r0 = *(u16 *)skb[12]
  r0 = *(u8 *)skb[r1]
  callx r3
dis_end:
  exit
  .size dis_asm, .-dis_asm
  .size dis_alias, .-dis_alias
  .globl dis_next
  .type dis_next,@function
dis_next:
  call dis_asm
  call 5
  call 100000
  if r0 == 0 goto .Lentry
  r3 = bswap64 r3
  r4 = le16 r4
  .byte 0xff,0,0,0,0,0,0,0
  goto dis_end
  .size dis_next, .-dis_next

  .section .bss,"aw",@nobits
  .globl dis_pair
  .type dis_pair,@object
dis_pair:
  .zero 8
  .size dis_pair, 8
