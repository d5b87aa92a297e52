import { jumpTableOwner, type Diagnostic, type Site } from '@bpf-ld/diagnostics';
import {
  R_BPF_64_64,
  SHF_EXECINSTR,
  STT_SECTION,
  type ElfFile,
  type RelocationTable,
} from '@bpf-ld/elf-reader';
import type { FieldEditor } from './fields.js';
import { DROPPED } from './preserve.js';

/** Bytes of an entry of .jumptables: the byte offset of an instruction in its text section. */
const ENTRY_BYTES = 8;

/** The jump tables of one object. */
export interface JumpTablesJob {
  readonly elf: ElfFile;
  /** Section index of .jumptables in the object. */
  readonly section: number;
  /** Relocations by the index of the section they apply to. */
  readonly relocations: ReadonlyMap<number, readonly RelocationTable[]>;
  /** Output offset of `offset` in `section` of the object, or DROPPED. */
  place(section: number, offset: number): number;
  readonly editor: FieldEditor;
  site(offset: number): Site;
}

/**
 * Moves jump tables with the code they lead to. Entries are offsets from the start of the text
 * section of the function that uses the table, without relocations; which section that is, only the
 * ldimm64 that loads the table's address says. Entries with a relocation of their own (the older
 * form) are left to it.
 */
export function moveJumpTables(job: JumpTablesJob): readonly Diagnostic[] {
  const { elf, section, editor } = job;
  const header = elf.sections[section]!;
  const owners = findOwners(job);
  const relocated = new Set<number>();
  for (const table of job.relocations.get(section) ?? []) {
    for (const offset of table.offset) relocated.add(offset);
  }
  const diagnostics: Diagnostic[] = [];
  let owner = -1;
  for (let from = 0; from + ENTRY_BYTES <= header.size; from += ENTRY_BYTES) {
    while (owner + 1 < owners.length && owners[owner + 1]!.start <= from) owner++;
    if (relocated.has(from)) continue;
    const text = owners[owner]?.section;
    if (text === undefined) {
      diagnostics.push(jumpTableOwner(job.site(from), 'no function loads its address'));
      return diagnostics;
    }
    const at = job.place(section, from);
    if (at === DROPPED || job.place(section, from + ENTRY_BYTES - 1) !== at + ENTRY_BYTES - 1) {
      continue;
    }
    const entry = editor.addend('word64', at);
    if (entry < 0 || entry >= elf.sections[text]!.size || entry % 8 !== 0) {
      diagnostics.push(
        jumpTableOwner(
          job.site(from),
          `entry ${entry} is no instruction of ${elf.sections[text]!.name}`,
        ),
      );
      continue;
    }
    const to = job.place(text, entry);
    // A table of a function that was overridden keeps its bytes; nothing reads it any more.
    if (to !== DROPPED) editor.add('word64', at, to - entry);
  }
  return diagnostics;
}

/** Where tables start, by the references to them, and the code section of each; ascending. */
function findOwners(job: JumpTablesJob): readonly { start: number; section: number }[] {
  const { elf, section } = job;
  const view = new DataView(elf.bytes.buffer, elf.bytes.byteOffset, elf.bytes.byteLength);
  const owners: { start: number; section: number }[] = [];
  for (const [code, tables] of job.relocations) {
    const header = elf.sections[code]!;
    if ((header.flags & SHF_EXECINSTR) === 0) continue;
    for (const table of tables) {
      for (let i = 0; i < table.count; i++) {
        const symbol = table.symbol[i]!;
        if (table.type[i] !== R_BPF_64_64 || elf.symbols.section[symbol] !== section) continue;
        const from = table.offset[i]!;
        if (from + 16 > header.size) continue;
        const imm = view.getInt32(header.offset + from + 4, elf.littleEndian);
        const base = elf.symbols.type[symbol] === STT_SECTION ? 0 : elf.symbols.value[symbol]!;
        owners.push({ start: base + imm, section: code });
      }
    }
  }
  return owners.sort((a, b) => a.start - b.start);
}
