import { immAt, instructionLength, opcodeAt, srcRegAt } from './fields.js';
import {
  BPF_PSEUDO_CALL,
  BPF_PSEUDO_FUNC,
  INSTRUCTION_SIZE,
  OPCODE_CALL,
  OPCODE_LDIMM64,
} from './opcodes.js';

/** A reference to a function of the same section that is written pc-relative into an instruction. */
export interface LocalCall {
  /** Byte offset of the referring instruction. */
  readonly offset: number;
  /** Byte offset of the function; may lie outside the section when the input is wrong. */
  readonly target: number;
}

/**
 * Visits the local calls (call with src_reg 1) and function addresses (ldimm64 with src_reg 4) of
 * `[start, end)` in order, one pass, ldimm64 counted as two slots.
 *
 * The target is what the instruction alone says: its immediate counts instructions from the next
 * slot. An instruction that also has a relocation means something else; the caller knows which
 * those are and leaves them out. A trailing part of an instruction is not visited.
 */
export function visitLocalCalls(
  bytes: Uint8Array,
  littleEndian: boolean,
  start: number,
  end: number,
  visit: (offset: number, target: number) => void,
): void {
  const last = Math.min(end, bytes.length) - INSTRUCTION_SIZE;
  let offset = start;
  while (offset <= last) {
    const opcode = opcodeAt(bytes, offset);
    if (
      (opcode === OPCODE_CALL && srcRegAt(bytes, offset, littleEndian) === BPF_PSEUDO_CALL) ||
      (opcode === OPCODE_LDIMM64 && srcRegAt(bytes, offset, littleEndian) === BPF_PSEUDO_FUNC)
    ) {
      const distance = immAt(bytes, offset, littleEndian) + 1;
      visit(offset, offset + distance * INSTRUCTION_SIZE);
    }
    offset += instructionLength(opcode);
  }
}

/** The references that {@link visitLocalCalls} visits, as a list. */
export function localCalls(
  bytes: Uint8Array,
  littleEndian: boolean,
  start: number,
  end: number,
): LocalCall[] {
  const found: LocalCall[] = [];
  visitLocalCalls(bytes, littleEndian, start, end, (offset, target) => {
    found.push({ offset, target });
  });
  return found;
}
