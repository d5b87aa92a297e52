import {
  BPF_ALU64,
  BPF_K,
  BPF_MOV,
  BPF_PSEUDO_CALL,
  BPF_PSEUDO_FUNC,
  OPCODE_LDIMM64,
  opcodeAt,
  setImm,
  setSrcReg,
  srcRegAt,
  visitLocalCalls,
} from '@bpf-ld/bpf-isa';
import { badRelocation, relocationOverflow, type Diagnostic, type Site } from '@bpf-ld/diagnostics';
import { FieldEditor } from './fields.js';
import { relocationKind, type RelocationKind } from './kinds.js';
import type { OutputRelocations } from './relocations.js';

/** What a symbol of the output is once everything has its address. */
export type RelocationMeaning =
  | {
      readonly kind: 'address';
      readonly address: number;
      /** Whether there are instructions. */
      readonly inCode: boolean;
    }
  /** A number, which no loader changes. */
  | { readonly kind: 'constant'; readonly value: number }
  /** A function of the machine, called by a number: a helper's, or the hash of a system call's name. */
  | { readonly kind: 'helper'; readonly id: number }
  /** A weak name that nothing defines: its address is 0. */
  | { readonly kind: 'absent' }
  /** A name that a run-time loader resolves. */
  | { readonly kind: 'loader' };

/** One output section: the relocations that `preserve` left, against symbols of the output. */
export interface ApplyJob {
  readonly contents: Uint8Array;
  readonly littleEndian: boolean;
  /** Whether the section holds instructions. */
  readonly inCode: boolean;
  /** Address of the section's first byte. */
  readonly address: number;
  readonly relocations: OutputRelocations;
  /** Where words of data have addresses of 32 bits: in all 64 bits, or shifted to the upper half. */
  readonly addressWord?: 'whole' | 'upper-half';
  /** What the caller's number for a symbol means. */
  meaning(target: number): RelocationMeaning;
  /** The symbol's name, or the section's that it stands for. */
  describe(target: number): string;
  /** The place `offset` of the section, for diagnostics. */
  site(offset: number): Site;
}

/**
 * The `apply` policy (--static): S + A goes into every field, S being the symbol's address and A what
 * the field holds; a call holds its distance. What a run-time loader resolves keeps A.
 *
 * ldimm64 loads plain numbers then: src_reg, the kernel's mark of an address space, becomes 0. So do
 * function addresses that compilers write pc-relative with src_reg 4 and no relocation.
 */
export function applyRelocations(job: ApplyJob): readonly Diagnostic[] {
  const { contents, littleEndian, inCode, address, relocations } = job;
  const editor = new FieldEditor(contents, littleEndian);
  const diagnostics: Diagnostic[] = [];
  for (let i = 0; i < relocations.count; i++) {
    const at = relocations.offset(i);
    const target = relocations.target(i);
    const kind = relocationKind(relocations.type(i), inCode)!;
    const meaning = job.meaning(target);
    const problem =
      kind.field === 'call'
        ? applyCall(job, editor, at, meaning)
        : applyAddress(job, editor, kind, at, meaning);
    if (problem === undefined) {
      if (kind.field === 'ldimm64') setSrcReg(contents, at, littleEndian, 0);
    } else if (typeof problem === 'string') {
      diagnostics.push(
        badRelocation(job.site(at), kind.name, `${job.describe(target)} ${problem}`),
      );
    } else {
      const { value, bits, unit } = problem;
      const name = job.describe(target);
      diagnostics.push(relocationOverflow(job.site(at), kind.name, name, value, bits, unit));
    }
  }
  if (inCode) applyFunctionAddresses(contents, littleEndian, address, editor);
  return diagnostics;
}

/** A number that its field cannot hold. */
interface Overflow {
  readonly value: number;
  readonly bits: number;
  readonly unit: string;
}

function applyAddress(
  { addressWord }: ApplyJob,
  editor: FieldEditor,
  { field }: RelocationKind,
  at: number,
  meaning: RelocationMeaning,
): string | Overflow | undefined {
  if (meaning.kind === 'helper')
    return 'is defined nowhere but in the machine: it can be called, but has no address';
  if (meaning.kind === 'loader') return undefined;
  const address = valueOf(meaning);
  if (field === 'word64' && addressWord === 'upper-half' && meaning.kind === 'address') {
    const value = address + editor.addend(field, at);
    if (value < 0 || value > 0xffff_ffff) return { value, bits: 32, unit: 'bytes' };
    editor.add(field, at, value * 2 ** 32 - editor.addend(field, at));
    return undefined;
  }
  if (field !== 'word32') {
    editor.add(field, at, address);
    return undefined;
  }
  // A negative addend is stored as what it is modulo 2^32.
  const value = address + (editor.addend(field, at) | 0);
  if (value < -0x8000_0000 || value > 0xffff_ffff) return { value, bits: 32, unit: 'bytes' };
  editor.add(field, at, (value >>> 0) - editor.addend(field, at));
  return undefined;
}

function valueOf(meaning: RelocationMeaning): number {
  if (meaning.kind === 'address') return meaning.address;
  return meaning.kind === 'constant' ? meaning.value : 0;
}

function applyCall(
  { contents, littleEndian, address }: ApplyJob,
  editor: FieldEditor,
  at: number,
  meaning: RelocationMeaning,
): string | Overflow | undefined {
  const addend = editor.addend('call', at);
  switch (meaning.kind) {
    case 'loader':
      return addend === 0 ? undefined : `is called with an offset of ${addend} bytes`;
    case 'helper':
      if (addend !== 0) return `is called with an offset of ${addend} bytes`;
      setSrcReg(contents, at, littleEndian, 0);
      setImm(contents, at, littleEndian, meaning.id | 0);
      return undefined;
    case 'absent':
      // As branches to absent weak functions do nothing elsewhere; r0 holds what the call returned.
      contents.fill(0, at, at + 8);
      contents[at] = BPF_ALU64 | BPF_MOV | BPF_K;
      return undefined;
    case 'constant':
      return 'is called, but is a number';
    case 'address': {
      if (!meaning.inCode) return 'is called, but is not code';
      const distance = meaning.address + addend - (address + at);
      if (distance % 8 !== 0) return 'is called, but is not at an instruction';
      const imm = distance / 8 - 1;
      if (imm !== (imm | 0)) return { value: imm, bits: 32, unit: 'instructions' };
      setSrcReg(contents, at, littleEndian, BPF_PSEUDO_CALL);
      setImm(contents, at, littleEndian, imm);
      return undefined;
    }
  }
}

/** Offsets of the ldimm64 that hold a pc-relative function address without a relocation. */
export function implicitFunctionAddresses(
  contents: Uint8Array,
  littleEndian: boolean,
  relocations: OutputRelocations,
): readonly { readonly offset: number; readonly target: number }[] {
  const relocated = new Set<number>();
  for (let i = 0; i < relocations.count; i++) relocated.add(relocations.offset(i));
  const found: { offset: number; target: number }[] = [];
  visitLocalCalls(contents, littleEndian, 0, contents.length, (offset, target) => {
    if (opcodeAt(contents, offset) !== OPCODE_LDIMM64 || relocated.has(offset)) return;
    found.push({ offset, target });
  });
  return found;
}

function applyFunctionAddresses(
  contents: Uint8Array,
  littleEndian: boolean,
  address: number,
  editor: FieldEditor,
): void {
  visitLocalCalls(contents, littleEndian, 0, contents.length, (offset, target) => {
    if (opcodeAt(contents, offset) !== OPCODE_LDIMM64) return;
    if (srcRegAt(contents, offset, littleEndian) !== BPF_PSEUDO_FUNC) return;
    editor.add('ldimm64', offset, address + target - editor.addend('ldimm64', offset));
    setSrcReg(contents, offset, littleEndian, 0);
  });
}
