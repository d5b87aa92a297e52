/**
 * Fields of an instruction read and changed in place, without an object for each instruction.
 *
 * All offsets are bytes from the start of `bytes`. The caller has checked that the instruction lies
 * inside: 8 bytes, 16 for ldimm64 ({@link instructionLength}).
 *
 * Layout (RFC 9669, section 3): opcode; one byte of two register numbers, whose nibbles trade places
 * in big endian; 16-bit offset; 32-bit immediate. ldimm64 keeps the upper half of its immediate in
 * the immediate of a second slot that is otherwise zero.
 */
import { INSTRUCTION_SIZE, LDIMM64_SIZE, OPCODE_LDIMM64 } from './opcodes.js';

export function opcodeAt(bytes: Uint8Array, offset: number): number {
  return bytes[offset]!;
}

/** Length in bytes of the instruction with this opcode: 16 for ldimm64, otherwise 8. */
export function instructionLength(opcode: number): 8 | 16 {
  return opcode === OPCODE_LDIMM64 ? LDIMM64_SIZE : INSTRUCTION_SIZE;
}

export function dstRegAt(bytes: Uint8Array, offset: number, littleEndian: boolean): number {
  const registers = bytes[offset + 1]!;
  return littleEndian ? registers & 0x0f : registers >> 4;
}

export function srcRegAt(bytes: Uint8Array, offset: number, littleEndian: boolean): number {
  const registers = bytes[offset + 1]!;
  return littleEndian ? registers >> 4 : registers & 0x0f;
}

/** Changes src_reg, such as the address space mark of ldimm64. */
export function setSrcReg(
  bytes: Uint8Array,
  offset: number,
  littleEndian: boolean,
  register: number,
): void {
  const registers = bytes[offset + 1]!;
  bytes[offset + 1] = littleEndian
    ? (registers & 0x0f) | (register << 4)
    : (registers & 0xf0) | (register & 0x0f);
}

/** The signed 16-bit offset: bytes for memory access, instructions for jumps. */
export function offAt(bytes: Uint8Array, offset: number, littleEndian: boolean): number {
  const first = bytes[offset + 2]!;
  const second = bytes[offset + 3]!;
  const value = littleEndian ? first | (second << 8) : (first << 8) | second;
  return (value << 16) >> 16;
}

/** Stores the low 16 bits of `value`. */
export function setOff(
  bytes: Uint8Array,
  offset: number,
  littleEndian: boolean,
  value: number,
): void {
  bytes[offset + (littleEndian ? 2 : 3)] = value;
  bytes[offset + (littleEndian ? 3 : 2)] = value >> 8;
}

/** The signed 32-bit immediate of this slot. */
export function immAt(bytes: Uint8Array, offset: number, littleEndian: boolean): number {
  const b0 = bytes[offset + 4]!;
  const b1 = bytes[offset + 5]!;
  const b2 = bytes[offset + 6]!;
  const b3 = bytes[offset + 7]!;
  return littleEndian
    ? b0 | (b1 << 8) | (b2 << 16) | (b3 << 24)
    : (b0 << 24) | (b1 << 16) | (b2 << 8) | b3;
}

/** Stores the low 32 bits of `value`. */
export function setImm(
  bytes: Uint8Array,
  offset: number,
  littleEndian: boolean,
  value: number,
): void {
  if (littleEndian) {
    bytes[offset + 4] = value;
    bytes[offset + 5] = value >> 8;
    bytes[offset + 6] = value >> 16;
    bytes[offset + 7] = value >> 24;
  } else {
    bytes[offset + 4] = value >> 24;
    bytes[offset + 5] = value >> 16;
    bytes[offset + 6] = value >> 8;
    bytes[offset + 7] = value;
  }
}

/** The 64-bit immediate of an ldimm64, unsigned. */
export function ldimm64At(bytes: Uint8Array, offset: number, littleEndian: boolean): bigint {
  const low = immAt(bytes, offset, littleEndian) >>> 0;
  const high = immAt(bytes, offset + INSTRUCTION_SIZE, littleEndian) >>> 0;
  return (BigInt(high) << 32n) | BigInt(low);
}

/** Stores the immediate of an ldimm64 as two 32-bit halves. */
export function setLdimm64Halves(
  bytes: Uint8Array,
  offset: number,
  littleEndian: boolean,
  low: number,
  high: number,
): void {
  setImm(bytes, offset, littleEndian, low);
  setImm(bytes, offset + INSTRUCTION_SIZE, littleEndian, high);
}

/** Stores the low 64 bits of `value` as the immediate of an ldimm64. */
export function setLdimm64(
  bytes: Uint8Array,
  offset: number,
  littleEndian: boolean,
  value: bigint,
): void {
  const low = Number(BigInt.asIntN(32, value));
  const high = Number(BigInt.asIntN(32, value >> 32n));
  setLdimm64Halves(bytes, offset, littleEndian, low, high);
}
