/**
 * Objects of GNU as for BPF differ from LLVM's (llvm_reloc.rst) in two things:
 *
 * - Up to binutils 2.40, which GCC 12's port is shipped with, relocation types are numbered otherwise
 *   (include/elf/bpf.h there); 1 and 10 alone mean the same in both.
 * - In 2.40 and in 2.41's source, a field relocated against a symbol that the object itself defines holds the
 *   symbol's value, too (bfd/elf64-bpf.c, bpf_elf_generic_reloc): in bytes, and in calls and jumps,
 *   which count instructions, also in bytes. Fields relocated against section symbols and undefined
 *   symbols hold the addend alone.
 */
import {
  badRelocation,
  relocationNumbering,
  type Diagnostic,
  type Site,
} from '@bpf-ld/diagnostics';
import {
  R_BPF_64_32,
  R_BPF_64_64,
  R_BPF_64_ABS32,
  R_BPF_64_ABS64,
  R_BPF_GNU_64_16,
  SHF_EXECINSTR,
  SHT_NOBITS,
  SHT_PROGBITS,
  STT_SECTION,
  type ElfFile,
  type RelocationTable,
  type Section,
} from '@bpf-ld/elf-reader';
import { FieldEditor } from './fields.js';
import { relocationKind } from './kinds.js';

/** One type of the old numbering. */
interface OldType {
  readonly name: string;
  /** LLVM's type for the same, at `shift` bytes behind r_offset; undefined where there is none. */
  readonly type?: number;
  readonly shift?: number;
}

/** binutils 2.40, include/elf/bpf.h. */
const OLD_TYPES: ReadonlyMap<number, OldType> = new Map<number, OldType>([
  [1, { name: 'R_BPF_INSN_64', type: R_BPF_64_64 }],
  // The imm of an instruction is the four bytes at its offset 4.
  [2, { name: 'R_BPF_INSN_32', type: R_BPF_64_ABS32, shift: 4 }],
  [3, { name: 'R_BPF_INSN_16' }],
  [4, { name: 'R_BPF_INSN_DISP16', type: R_BPF_GNU_64_16 }],
  [5, { name: 'R_BPF_DATA_8_PCREL' }],
  [6, { name: 'R_BPF_DATA_16_PCREL' }],
  [7, { name: 'R_BPF_DATA_32_PCREL' }],
  [8, { name: 'R_BPF_DATA_8' }],
  [9, { name: 'R_BPF_DATA_16' }],
  [10, { name: 'R_BPF_INSN_DISP32', type: R_BPF_64_32 }],
  [11, { name: 'R_BPF_DATA_32', type: R_BPF_64_ABS32 }],
  [12, { name: 'R_BPF_DATA_64', type: R_BPF_64_ABS64 }],
  [13, { name: 'R_BPF_DATA_64_PCREL' }],
]);

/** Types that the old numbering alone has. */
const ONLY_OLD: ReadonlySet<number> = new Set([5, 6, 7, 8, 9, 11, 12, 13]);
/** Types of instructions there, and of data and .BTF in LLVM's numbering. */
const AMBIGUOUS: ReadonlySet<number> = new Set([2, 3, 4]);

/** Relocation tables of one object by the section they apply to. */
export type TablesBySection = ReadonlyMap<number, readonly RelocationTable[]>;
/** Contents of sections, by index, of which the file holds something else: compressed ones. */
export type InflatedSections = ReadonlyMap<number, Uint8Array>;

/**
 * The relocations of an object in LLVM's numbering with addends that do not hold symbol values,
 * whichever assembler wrote it. Works on code, data and debug sections alike.
 *
 * Tables of which fields hold symbol values come back with explicit addends (bytes), as if they were
 * RELA. The fields keep what they hold, which no longer counts.
 *
 * @param inflated contents of compressed sections that `tables` apply to
 * @returns the tables given where nothing is to be done; an error for each relocation that LLVM's
 * numbering has no type for, a warning where the object does not say which form it has
 */
export function toLlvmNumbering(
  elf: ElfFile,
  tables: TablesBySection,
  inflated: InflatedSections = new Map(),
): { readonly tables: TablesBySection; readonly diagnostics: readonly Diagnostic[] } {
  const form = findForm(elf, tables, inflated);
  const diagnostics: Diagnostic[] = [];
  if (form.doubt) diagnostics.push(relocationNumbering(form.doubt, form.holdsValues));
  if (!form.holdsValues) return { tables, diagnostics };
  const converted = new Map<number, readonly RelocationTable[]>();
  for (const [index, list] of tables) {
    const reader = new FieldReader(elf, elf.sections[index]!, inflated);
    const convertOne = (table: RelocationTable): RelocationTable =>
      convert(reader, table, form.isOld, diagnostics);
    converted.set(index, list.map(convertOne));
  }
  return { tables: converted, diagnostics };
}

interface Form {
  /** Whether types are numbered as before binutils 2.41. */
  readonly isOld: boolean;
  /** Whether fields hold the values of named symbols, too. */
  readonly holdsValues: boolean;
  /** A relocation that makes one or the other uncertain. */
  readonly doubt: Site | undefined;
}

/** The first relocations that only one form can have, or that mean two things. */
class Evidence {
  old: Site | undefined;
  new: Site | undefined;
  either: Site | undefined;
}

function findForm(elf: ElfFile, tables: TablesBySection, inflated: InflatedSections): Form {
  const types = new Evidence();
  const fields = new Evidence();
  // LLVM writes one string table, GNU as two. Tools that copy objects may write two of any object.
  const isGnu = elf.sectionNamesIndex !== elf.sections[elf.symbolTableIndex]!.link;
  for (const [index, list] of tables) {
    const section = elf.sections[index]!;
    const inCode = (section.flags & SHF_EXECINSTR) !== 0;
    const reader = isGnu ? new FieldReader(elf, section, inflated) : undefined;
    for (const table of list) {
      const siteOf = (row: number): Site => ({
        object: elf.name,
        section: section.name,
        offset: table.offset[row]!,
      });
      for (let i = 0; i < table.count; i++) {
        const type = table.type[i]!;
        if (ONLY_OLD.has(type)) types.old ??= siteOf(i);
        else if (type === R_BPF_GNU_64_16) types.new ??= siteOf(i);
        else if (AMBIGUOUS.has(type)) {
          if (!inCode) types.new ??= siteOf(i);
          else if (isGnu) types.either ??= siteOf(i);
        }
        if (reader && !table.addend) judgeField(reader, table, i, siteOf(i), fields);
      }
    }
  }
  if (types.old) return { isOld: true, holdsValues: true, doubt: types.new ?? fields.new };
  if (types.either && !types.new) return { isOld: true, holdsValues: true, doubt: types.either };
  const isOld = false;
  if (fields.new) return { isOld, holdsValues: false, doubt: fields.old };
  if (fields.old) return { isOld, holdsValues: true, doubt: undefined };
  if (!fields.either) return { isOld, holdsValues: false, doubt: undefined };
  const compiler = compilerOf(elf);
  // GCC 13 came out with binutils 2.40, GCC 14 with 2.42.
  const holdsValues = compiler !== 'clang' && !(typeof compiler === 'number' && compiler >= 14);
  return { isOld, holdsValues, doubt: compiler === undefined ? fields.either : undefined };
}

/** Whether what a field holds can be an addend alone, or the value of its symbol and an addend. */
function judgeField(
  reader: FieldReader,
  table: RelocationTable,
  row: number,
  site: Site,
  evidence: Evidence,
): void {
  const { symbols } = reader.elf;
  const symbol = table.symbol[row]!;
  const value = symbols.value[symbol]!;
  if (!isNamedDefinition(reader.elf, symbol) || value === 0) return;
  const type = table.type[row]!;
  const held = reader.read(OLD_TYPES.get(type)?.type ?? type, site.offset!, value);
  if (!held) return;
  const size = symbols.size[symbol]!;
  if (held.withoutValue < 0) evidence.new ??= site;
  else if (type === R_BPF_64_32 || (size > 0 && held.whole >= size)) evidence.old ??= site;
  else evidence.either ??= site;
}

/** What .comment says made the object: clang, or the major version of GCC. */
function compilerOf(elf: ElfFile): 'clang' | number | undefined {
  const section = elf.sections.find(
    ({ name, type }) => name === '.comment' && type === SHT_PROGBITS,
  );
  if (!section) return undefined;
  const { offset, size } = section;
  const text = String.fromCharCode(...elf.bytes.subarray(offset, offset + Math.min(size, 4096)));
  if (text.includes('clang')) return 'clang';
  const major = /GCC: \([^)]*\) (\d+)\./.exec(text)?.[1];
  return major === undefined ? undefined : Number(major);
}

function convert(
  reader: FieldReader,
  table: RelocationTable,
  isOld: boolean,
  diagnostics: Diagnostic[],
): RelocationTable {
  const { elf, section, inCode } = reader;
  const offset = table.offset.slice();
  const type = table.type.slice();
  const addend = new BigInt64Array(table.count);
  for (let i = 0; i < table.count; i++) {
    const isNewType = !isOld || (!inCode && AMBIGUOUS.has(type[i]!));
    const old = isNewType ? undefined : OLD_TYPES.get(type[i]!);
    if (old && old.type === undefined) {
      const site = { object: elf.name, section: section.name, offset: offset[i]! };
      diagnostics.push(badRelocation(site, old.name, 'has no equivalent that a loader knows'));
    }
    type[i] = old?.type ?? type[i]!;
    offset[i] = offset[i]! + (old?.shift ?? 0);
    if (table.addend) {
      addend[i] = table.addend[i]!;
      continue;
    }
    const symbol = table.symbol[i]!;
    const value = isNamedDefinition(elf, symbol) ? elf.symbols.value[symbol]! : 0;
    const held = reader.read(type[i]!, offset[i]!, value);
    if (!held) continue;
    // A field that holds less than the symbol's value cannot hold it.
    addend[i] = BigInt(held.withoutValue >= 0 || value === 0 ? held.withoutValue : held.whole);
  }
  return { count: table.count, offset, type, symbol: table.symbol, addend };
}

function isNamedDefinition({ symbols }: ElfFile, symbol: number): boolean {
  return symbols.section[symbol]! > 0 && symbols.type[symbol] !== STT_SECTION;
}

/** Reads relocated fields of one section of an input. */
class FieldReader {
  readonly elf: ElfFile;
  readonly section: Section;
  readonly inCode: boolean;
  readonly #bytes: Uint8Array;
  readonly #fields: FieldEditor;

  constructor(elf: ElfFile, section: Section, inflated: InflatedSections) {
    this.elf = elf;
    this.section = section;
    this.inCode = (section.flags & SHF_EXECINSTR) !== 0;
    const { index, offset, size, type } = section;
    const end = type === SHT_NOBITS ? offset : offset + size;
    this.#bytes = inflated.get(index) ?? elf.bytes.subarray(offset, end);
    this.#fields = new FieldEditor(this.#bytes, elf.littleEndian);
  }

  /**
   * The addend in bytes if the field holds nothing else, and if it holds `value`, too; undefined
   * where the section has no such field.
   *
   * @param type in LLVM's numbering
   */
  read(
    type: number,
    at: number,
    value: number,
  ): { readonly whole: number; readonly withoutValue: number } | undefined {
    const kind = relocationKind(type, this.inCode);
    if (!kind || at + kind.width > this.#bytes.length) return undefined;
    const whole = this.#fields.addend(kind.field, at);
    const counted = kind.field === 'call' || kind.field === 'jump16' ? value * 8 : value;
    return { whole, withoutValue: whole - counted };
  }
}
