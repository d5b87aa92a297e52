/** Instruction codes and source-register marks the relocations meet (RFC 9669). */
export const BPF_LDIMM64 = 0x18;
export const BPF_CALL = 0x85;
/** src_reg of a call: the callee is a function of this program. */
export const BPF_PSEUDO_CALL = 1;
/** src_reg of ldimm64: the value is a function's address. */
export const BPF_PSEUDO_FUNC = 4;
