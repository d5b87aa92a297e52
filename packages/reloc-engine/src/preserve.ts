import { OPCODE_CALL, OPCODE_LDIMM64 } from '@bpf-ld/bpf-isa';
import { badRelocation, unknownRelocation, type Diagnostic, type Site } from '@bpf-ld/diagnostics';
import {
  SHF_EXECINSTR,
  SHT_NOBITS,
  type ElfFile,
  type RelocationTable,
  type Section,
} from '@bpf-ld/elf-reader';
import type { FieldEditor } from './fields.js';
import { relocationKind, type RelocationKind } from './kinds.js';
import type { OutputRelocations } from './relocations.js';

/** Answers of {@link Placement.place} besides an offset. */
export const DROPPED = -1;

/**
 * What a relocation against a symbol of one object means in the output. `resolve` sets the fields
 * and returns itself or undefined, so that a hundred thousand relocations make no garbage.
 */
export interface RelocationTarget {
  /** The linker's number for the symbol the output relocation names. */
  symbol: number;
  /** Bytes to add to the addend: not 0 only for references through a section symbol. */
  delta: number;
}

/** Where the pieces of one object went; the linker supplies it. */
export interface Placement {
  /** Output offset of `offset` in the section being relocated, or DROPPED where it is not copied. */
  place(offset: number): number;
  /** Where a reference to `offset` in the section being relocated leads in the output, or DROPPED. */
  target(offset: number): number;
  /**
   * Sets `target` for symbol `symbol` of the object and an addend in bytes.
   * @returns undefined, or why there is no such target.
   */
  resolve(symbol: number, addend: number, target: RelocationTarget): Diagnostic | undefined;
  /** Output offset of a jump's target if it is in the same output section, or undefined. */
  sameSection(symbol: number, addend: number): number | undefined;
  /** The place `offset` of the section being relocated, for diagnostics. */
  site(offset: number): Site;
}

/** One input section's relocations and the output bytes they apply to. */
export interface PreserveJob {
  readonly elf: ElfFile;
  readonly section: Section;
  readonly table: RelocationTable;
  readonly placement: Placement;
  /** Editor over the output section, into which the input bytes were copied. */
  readonly editor: FieldEditor;
  readonly output: OutputRelocations;
}

/**
 * The `preserve` policy (-r): every relocation stays, at its new place, against the output's symbol;
 * an addend through a section symbol moves with the bytes it points at.
 *
 * Relocations in dropped pieces leave with them. Explicit addends (RELA) go into the bytes: the
 * output is REL, the only form BPF loaders read. R_BPF_GNU_64_16 is applied, for no loader knows it.
 */
export function preserveRelocations(job: PreserveJob): readonly Diagnostic[] {
  const { elf, section, table, placement, editor, output } = job;
  const diagnostics: Diagnostic[] = [];
  const inCode = (section.flags & SHF_EXECINSTR) !== 0;
  const target: RelocationTarget = { symbol: 0, delta: 0 };
  for (let i = 0; i < table.count; i++) {
    const from = table.offset[i]!;
    const kind = relocationKind(table.type[i]!, inCode);
    if (kind === undefined) {
      diagnostics.push(unknownRelocation(placement.site(from), table.type[i]!));
      continue;
    }
    if (kind.field === 'none') continue;
    const problem = misfit(elf, section, from, kind);
    if (problem !== undefined) {
      diagnostics.push(badRelocation(placement.site(from), kind.name, problem));
      continue;
    }
    const at = placement.place(from);
    if (at === DROPPED) continue;
    if (placement.place(from + kind.width - 1) !== at + kind.width - 1) {
      const reason = `${kind.width} bytes at offset ${from} are not all part of the output`;
      diagnostics.push(badRelocation(placement.site(from), kind.name, reason));
      continue;
    }
    const symbol = table.symbol[i]!;
    if (table.addend && !makeImplicit(editor, kind, at, Number(table.addend[i]!))) {
      diagnostics.push(
        badRelocation(placement.site(from), kind.name, `addend ${table.addend[i]!} does not fit`),
      );
      continue;
    }
    const addend = editor.addend(kind.field, at);
    if (kind.field === 'jump16') {
      const to = placement.sameSection(symbol, addend);
      const fits = to !== undefined && editor.add('jump16', at, to - at - addend);
      if (!fits) {
        const reason =
          to === undefined
            ? 'the target of a jump is in another section'
            : 'the target is out of reach';
        diagnostics.push(badRelocation(placement.site(from), kind.name, reason));
      }
      continue;
    }
    const failure = placement.resolve(symbol, addend, target);
    if (failure !== undefined) {
      diagnostics.push(failure);
    } else if (editor.add(kind.field, at, target.delta)) {
      output.push(at, kind.type, target.symbol);
    } else {
      diagnostics.push(
        badRelocation(
          placement.site(from),
          kind.name,
          `${addend + target.delta} does not fit the field`,
        ),
      );
    }
  }
  return diagnostics;
}

/** Why the relocation cannot be meant for the bytes at `from`, or undefined. */
function misfit(
  elf: ElfFile,
  section: Section,
  from: number,
  kind: RelocationKind,
): string | undefined {
  if (from + kind.width > section.size) {
    return `${kind.width} bytes at offset ${from} run past the end of ${section.name} (${section.size} bytes)`;
  }
  if (section.type === SHT_NOBITS) return `${section.name} has no bytes to relocate`;
  const opcode = elf.bytes[section.offset + from]!;
  if (kind.field === 'ldimm64' && (opcode !== OPCODE_LDIMM64 || from % 8 !== 0)) {
    return `no ldimm64 instruction at offset ${from}`;
  }
  if (kind.field === 'call' && (opcode !== OPCODE_CALL || from % 8 !== 0)) {
    return `no call instruction at offset ${from}`;
  }
  return undefined;
}

/** Writes a RELA addend (bytes) where REL keeps it. */
function makeImplicit(
  editor: FieldEditor,
  kind: RelocationKind,
  at: number,
  addend: number,
): boolean {
  return editor.add(kind.field, at, addend - editor.addend(kind.field, at));
}
