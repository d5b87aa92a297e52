import {
  dstRegAt,
  immAt,
  instructionLength,
  ldimm64At,
  offAt,
  opcodeAt,
  setImm,
  setLdimm64,
  setOff,
  srcRegAt,
} from './fields.js';
import { INSTRUCTION_SIZE, OPCODE_LDIMM64 } from './opcodes.js';

/** One instruction as numbers; nothing is said about whether a verifier would accept it. */
export interface Instruction {
  readonly opcode: number;
  readonly dst: number;
  readonly src: number;
  /** Signed 16 bits: bytes for memory access, instructions for jumps. */
  readonly off: number;
  /** Signed 32 bits; for ldimm64 the lower half of {@link Instruction.imm64}. */
  readonly imm: number;
  /** The whole immediate of ldimm64, unsigned 64 bits; absent in all other instructions. */
  readonly imm64?: bigint;
}

/**
 * The instruction at byte `offset`, or `undefined` when it does not fit in `bytes` or is an ldimm64
 * whose second slot holds more than an immediate (RFC 9669, section 5.4).
 */
export function decode(
  bytes: Uint8Array,
  offset: number,
  littleEndian: boolean,
): Instruction | undefined {
  if (!(offset >= 0 && offset + INSTRUCTION_SIZE <= bytes.length)) return undefined;
  const opcode = opcodeAt(bytes, offset);
  const instruction: Instruction = {
    opcode,
    dst: dstRegAt(bytes, offset, littleEndian),
    src: srcRegAt(bytes, offset, littleEndian),
    off: offAt(bytes, offset, littleEndian),
    imm: immAt(bytes, offset, littleEndian),
  };
  if (opcode !== OPCODE_LDIMM64) return instruction;
  const second = offset + INSTRUCTION_SIZE;
  if (second + INSTRUCTION_SIZE > bytes.length || !isSecondSlot(bytes, second)) return undefined;
  return { ...instruction, imm64: ldimm64At(bytes, offset, littleEndian) };
}

/** Whether the slot at `offset` is zero but for its immediate, as the second of ldimm64 must be. */
function isSecondSlot(bytes: Uint8Array, offset: number): boolean {
  for (let i = offset; i < offset + 4; i++) if (bytes[i] !== 0) return false;
  return true;
}

/** The bytes of `instruction`: 8, or 16 for ldimm64. Fields are cut to their width. */
export function encode(instruction: Instruction, littleEndian: boolean): Uint8Array {
  const { opcode, dst, src, off, imm, imm64 } = instruction;
  const bytes = new Uint8Array(instructionLength(opcode));
  bytes[0] = opcode;
  bytes[1] = littleEndian ? (src << 4) | (dst & 0x0f) : (dst << 4) | (src & 0x0f);
  setOff(bytes, 0, littleEndian, off);
  if (opcode === OPCODE_LDIMM64) setLdimm64(bytes, 0, littleEndian, imm64 ?? BigInt(imm));
  else setImm(bytes, 0, littleEndian, imm);
  return bytes;
}
