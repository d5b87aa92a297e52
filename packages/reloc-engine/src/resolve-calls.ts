import { BPF_PSEUDO_CALL, setImm, setSrcReg } from '@bpf-ld/bpf-isa';
import { FieldEditor } from './fields.js';
import { relocationKind } from './kinds.js';
import { OutputRelocations } from './relocations.js';

/** One output section of instructions. */
export interface ResolveCallsJob {
  readonly contents: Uint8Array;
  readonly littleEndian: boolean;
  readonly relocations: OutputRelocations;
  /** Offset in this section of what the caller's number for a symbol means, if it is here to stay. */
  offsetOf(target: number): number | undefined;
}

/**
 * Writes the distance into every call whose function is in the same section, as a compiler does for
 * a static one. @returns the relocations that are left.
 */
export function resolveCalls(job: ResolveCallsJob): OutputRelocations {
  const { contents, littleEndian, relocations } = job;
  const editor = new FieldEditor(contents, littleEndian);
  const left = new OutputRelocations();
  for (let i = 0; i < relocations.count; i++) {
    const at = relocations.offset(i);
    const isCall = relocationKind(relocations.type(i), true)?.field === 'call';
    const base = isCall ? job.offsetOf(relocations.target(i)) : undefined;
    const distance = base === undefined ? NaN : base + editor.addend('call', at) - at;
    const imm = distance / 8 - 1;
    if (imm !== (imm | 0)) {
      left.push(at, relocations.type(i), relocations.target(i));
      continue;
    }
    setSrcReg(contents, at, littleEndian, BPF_PSEUDO_CALL);
    setImm(contents, at, littleEndian, imm);
  }
  return left;
}
