import { badRelocation, type Diagnostic } from '@bpf-ld/diagnostics';
import { R_BPF_64_32, type RelocationTable } from '@bpf-ld/elf-reader';
import { BPF_CALL, BPF_LDIMM64, BPF_PSEUDO_CALL, BPF_PSEUDO_FUNC } from './opcodes.js';
import type { FieldEditor } from './fields.js';
import { DROPPED, type Placement } from './preserve.js';
import type { OutputRelocations } from './relocations.js';

/** One code section whose pieces moved against each other. */
export interface ImplicitCallsJob {
  /** The input section's instructions. */
  readonly code: Uint8Array;
  readonly littleEndian: boolean;
  /** Relocations of the section: what they cover is not implicit. */
  readonly tables: readonly RelocationTable[];
  readonly placement: Placement;
  /** The linker's number for the symbol whose losing body began at `offset`, or undefined. */
  winnerAt(offset: number): number | undefined;
  readonly editor: FieldEditor;
  readonly output: OutputRelocations;
}

/**
 * References the compiler resolved itself because caller and callee are in one section: calls with
 * src_reg 1 and function addresses with src_reg 4, whose imm counts instructions from the next one.
 * They carry no relocation, so when pieces move against each other they are found and adjusted here.
 * A call whose callee lost to another definition becomes a relocated call of that one.
 */
export function moveImplicitCalls(job: ImplicitCallsJob): readonly Diagnostic[] {
  const { code, littleEndian, tables, placement, editor, output } = job;
  const relocated = new Set<number>();
  for (const table of tables) for (const offset of table.offset) relocated.add(offset);
  const view = new DataView(code.buffer, code.byteOffset, code.byteLength);
  const diagnostics: Diagnostic[] = [];
  for (let from = 0; from + 8 <= code.length; from += code[from] === BPF_LDIMM64 ? 16 : 8) {
    const sourceRegister = littleEndian ? code[from + 1]! >>> 4 : code[from + 1]! & 0xf;
    const isCall = code[from] === BPF_CALL && sourceRegister === BPF_PSEUDO_CALL;
    const isAddress = code[from] === BPF_LDIMM64 && sourceRegister === BPF_PSEUDO_FUNC;
    if ((!isCall && !isAddress) || relocated.has(from)) continue;
    const at = placement.place(from);
    if (at === DROPPED) continue;
    const target = from + 8 + view.getInt32(from + 4, littleEndian) * 8;
    const to = placement.place(target);
    if (to !== DROPPED) {
      editor.add('call', at, to - at - (target - from));
      continue;
    }
    const winner = job.winnerAt(target);
    if (winner === undefined || !isCall) {
      diagnostics.push(
        badRelocation(
          placement.site(from),
          isCall ? 'call' : 'function address',
          'the target was overridden and left the output',
        ),
      );
      continue;
    }
    editor.add('call', at, -editor.addend('call', at));
    output.push(at, R_BPF_64_32, winner);
  }
  return diagnostics;
}
