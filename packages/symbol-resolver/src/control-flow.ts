import {
  BPF_JMP,
  BPF_JMP32,
  immAt,
  INSTRUCTION_SIZE,
  instructionLength,
  offAt,
  OPCODE_CALL,
  OPCODE_CALLX,
  OPCODE_EXIT,
  OPCODE_GOTOL,
  OPCODE_GOTOX,
  OPCODE_JA,
  opcodeAt,
} from '@bpf-ld/bpf-isa';
import { R_BPF_GNU_64_16, type RelocationTable } from '@bpf-ld/elf-reader';

/** A stretch of one code section. */
export interface CodeRange {
  /** Bytes `[start, end)`. */
  readonly start: number;
  readonly end: number;
  /** A symbol's size says where the range ends. */
  readonly sized: boolean;
}

/** Everything from byte `first` to byte `last` of a section must stay together. */
export interface Span {
  readonly first: number;
  readonly last: number;
}

const NEVER_FALLS_THROUGH: ReadonlySet<number> = new Set([
  OPCODE_EXIT,
  OPCODE_JA,
  OPCODE_GOTOL,
  OPCODE_GOTOX,
]);

/**
 * Where control passes from one range of a code section to another by a jump, or by running past the
 * end of one: distances that no linker adjusts. A function that ends in a call has a callee that does
 * not return, where its size says that it ends there. Jumps with a relocation (GCC) count, too.
 *
 * @param ranges ascending, and without a gap between them
 * @returns in order of `first`
 */
export function crossings(
  code: Uint8Array,
  littleEndian: boolean,
  ranges: readonly CodeRange[],
  tables: readonly RelocationTable[],
): readonly Span[] {
  const spans: Span[] = [];
  const last = code.length - INSTRUCTION_SIZE;
  let offset = 0;
  for (const [index, { start, end, sized }] of ranges.entries()) {
    let opcode: number = OPCODE_EXIT;
    while (offset <= last && offset < end) {
      opcode = opcodeAt(code, offset);
      const target = jumpTarget(code, opcode, offset, littleEndian);
      if (target !== undefined && (target < start || target >= end)) {
        spans.push({ first: Math.min(offset, target), last: Math.max(offset, target) });
      }
      offset += instructionLength(opcode);
    }
    if (index === ranges.length - 1) break;
    const returns = NEVER_FALLS_THROUGH.has(opcode) || (sized && opcode === OPCODE_CALL);
    // A boundary inside an instruction is none.
    if (!returns || end % INSTRUCTION_SIZE !== 0 || offset !== end) {
      spans.push({ first: end - 1, last: end });
    }
  }
  // Which way a relocated jump goes is not worth asking: GCC relocates those between sections alone.
  const jumps = tables.some(({ type }) => type.includes(R_BPF_GNU_64_16));
  if (jumps) return [{ first: 0, last: code.length }];
  return spans.sort((a, b) => a.first - b.first);
}

function jumpTarget(
  code: Uint8Array,
  opcode: number,
  offset: number,
  littleEndian: boolean,
): number | undefined {
  const kind = opcode & 0x07;
  if (kind !== BPF_JMP && kind !== BPF_JMP32) return undefined;
  if (
    opcode === OPCODE_CALL ||
    opcode === OPCODE_CALLX ||
    opcode === OPCODE_EXIT ||
    opcode === OPCODE_GOTOX
  ) {
    return undefined;
  }
  const distance =
    opcode === OPCODE_GOTOL ? immAt(code, offset, littleEndian) : offAt(code, offset, littleEndian);
  return offset + (distance + 1) * INSTRUCTION_SIZE;
}
