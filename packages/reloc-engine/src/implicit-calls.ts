import { badRelocation, type Diagnostic } from '@bpf-ld/diagnostics';
import { R_BPF_64_32, type RelocationTable } from '@bpf-ld/elf-reader';
import { OPCODE_CALL, opcodeAt, visitLocalCalls } from '@bpf-ld/bpf-isa';
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
  const diagnostics: Diagnostic[] = [];
  visitLocalCalls(code, littleEndian, 0, code.length, (from, target) => {
    if (relocated.has(from)) return;
    const at = placement.place(from);
    if (at === DROPPED) return;
    const to = placement.target(target);
    if (to !== DROPPED) {
      editor.add('call', at, to - at - (target - from));
      return;
    }
    const isCall = opcodeAt(code, from) === OPCODE_CALL;
    const winner = job.winnerAt(target);
    if (winner === undefined || !isCall) {
      diagnostics.push(
        badRelocation(
          placement.site(from),
          isCall ? 'call' : 'function address',
          'the target was overridden and left the output',
        ),
      );
      return;
    }
    editor.add('call', at, -editor.addend('call', at));
    output.push(at, R_BPF_64_32, winner);
  });
  return diagnostics;
}
