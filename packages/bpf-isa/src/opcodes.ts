/**
 * The numbers of the BPF instruction set, by the names of RFC 9669 and linux/bpf.h.
 *
 * An opcode byte is class (3 bits) plus, for arithmetic and jumps, source (1 bit) and operation
 * (4 bits); for loads and stores, size (2 bits) and mode (3 bits).
 */

// Classes: opcode & 0x07.
export const BPF_LD = 0x00;
export const BPF_LDX = 0x01;
export const BPF_ST = 0x02;
export const BPF_STX = 0x03;
/** 32-bit arithmetic; the upper half of the result is zero. */
export const BPF_ALU = 0x04;
/** 64-bit comparisons, calls and exit. */
export const BPF_JMP = 0x05;
/** 32-bit comparisons (since v3) and the long goto (since v4). */
export const BPF_JMP32 = 0x06;
/** 64-bit arithmetic. */
export const BPF_ALU64 = 0x07;

// Sizes of loads and stores: opcode & 0x18.
export const BPF_W = 0x00;
export const BPF_H = 0x08;
export const BPF_B = 0x10;
export const BPF_DW = 0x18;

// Modes of loads and stores: opcode & 0xe0.
export const BPF_IMM = 0x00;
/** Packet access at an immediate offset (legacy). */
export const BPF_ABS = 0x20;
/** Packet access at a register's offset (legacy). */
export const BPF_IND = 0x40;
export const BPF_MEM = 0x60;
/** Sign-extending load (v4). */
export const BPF_MEMSX = 0x80;
export const BPF_ATOMIC = 0xc0;

// Source of the second operand: opcode & 0x08.
export const BPF_K = 0x00;
export const BPF_X = 0x08;

// Arithmetic operations: opcode & 0xf0.
export const BPF_ADD = 0x00;
export const BPF_SUB = 0x10;
export const BPF_MUL = 0x20;
/** Unsigned with offset 0, signed with offset 1 (v4). */
export const BPF_DIV = 0x30;
export const BPF_OR = 0x40;
export const BPF_AND = 0x50;
export const BPF_LSH = 0x60;
export const BPF_RSH = 0x70;
export const BPF_NEG = 0x80;
/** Unsigned with offset 0, signed with offset 1 (v4). */
export const BPF_MOD = 0x90;
export const BPF_XOR = 0xa0;
/** Offset 8, 16 or 32: sign-extending (v4); offset 1 in ALU64: {@link BPF_ADDR_SPACE_CAST}. */
export const BPF_MOV = 0xb0;
export const BPF_ARSH = 0xc0;
/** Byte order: in ALU to little (K) or big (X) endian, in ALU64 unconditional swap (v4). */
export const BPF_END = 0xd0;

/** Offset of a DIV or MOD that makes it signed. */
export const BPF_SIGNED = 1;
/** Offset of a 64-bit register MOV that casts between address spaces; imm holds `to << 16 | from`. */
export const BPF_ADDR_SPACE_CAST = 1;

// Jump operations: opcode & 0xf0.
/** Unconditional: the distance is in `off` (JMP) or in `imm` (JMP32, v4); with BPF_X, through a register. */
export const BPF_JA = 0x00;
export const BPF_JEQ = 0x10;
export const BPF_JGT = 0x20;
export const BPF_JGE = 0x30;
export const BPF_JSET = 0x40;
export const BPF_JNE = 0x50;
export const BPF_JSGT = 0x60;
export const BPF_JSGE = 0x70;
export const BPF_CALL = 0x80;
export const BPF_EXIT = 0x90;
export const BPF_JLT = 0xa0;
export const BPF_JLE = 0xb0;
export const BPF_JSLT = 0xc0;
export const BPF_JSLE = 0xd0;
/** Conditional pseudo jump; with src_reg 0, may_goto. */
export const BPF_JCOND = 0xe0;

// Atomic operations, in imm; the arithmetic ones reuse BPF_ADD, BPF_OR, BPF_AND and BPF_XOR.
/** Added to an atomic operation: the old value is returned. */
export const BPF_FETCH = 0x01;
export const BPF_XCHG = 0xe1;
export const BPF_CMPXCHG = 0xf1;
export const BPF_LOAD_ACQ = 0x100;
export const BPF_STORE_REL = 0x110;

// Whole opcodes that a linker looks for.
/** `r = imm64`, the one instruction of two slots. */
export const OPCODE_LDIMM64 = 0x18;
export const OPCODE_CALL = 0x85;
export const OPCODE_CALLX = 0x8d;
export const OPCODE_EXIT = 0x95;
export const OPCODE_JA = 0x05;
/** Goto with a 32-bit distance (v4). */
export const OPCODE_GOTOL = 0x06;
/** Goto through a register, as jump tables use it. */
export const OPCODE_GOTOX = 0x0d;
export const OPCODE_MAY_GOTO = 0xe5;

// src_reg of ldimm64: which address space the immediate means. Compilers leave 0 (4 for a
// function); loaders fill in the rest.
export const BPF_PSEUDO_MAP_FD = 1;
export const BPF_PSEUDO_MAP_VALUE = 2;
export const BPF_PSEUDO_BTF_ID = 3;
export const BPF_PSEUDO_FUNC = 4;
export const BPF_PSEUDO_MAP_IDX = 5;
export const BPF_PSEUDO_MAP_IDX_VALUE = 6;

// src_reg of call: what the immediate counts. 0 is a helper function's number.
/** A local function; imm is its distance in instructions from the next instruction. */
export const BPF_PSEUDO_CALL = 1;
/** A kernel function, by BTF id. */
export const BPF_PSEUDO_KFUNC_CALL = 2;

/** Bytes of one instruction slot. */
export const INSTRUCTION_SIZE = 8;
/** Bytes of ldimm64. */
export const LDIMM64_SIZE = 16;
