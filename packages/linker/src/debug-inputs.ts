import {
  openDebugSection,
  type AdjustedSection,
  type DebugObject,
  type DebugSection,
} from '@bpf-ld/debug-info';
import { append, type Diagnostic } from '@bpf-ld/diagnostics';
import {
  parseRelocations,
  SHT_REL,
  SHT_RELA,
  STT_SECTION,
  type RelocationTable,
} from '@bpf-ld/elf-reader';
import { toLlvmNumbering } from '@bpf-ld/reloc-engine';
import { DEBUG_SECTION, type Resolution } from '@bpf-ld/symbol-resolver';
import { malformed, type ParsedObject } from './parse-object.js';

/** The debug sections of one object, decompressed, and the relocations that apply to them, in LLVM's numbering. */
export interface DebugInput {
  /** In order of index. */
  readonly sections: readonly DebugSection[];
  /** By the index of the section they apply to. */
  readonly relocations: ReadonlyMap<number, readonly RelocationTable[]>;
  readonly diagnostics: readonly Diagnostic[];
  /** Sections that were made to follow code of which parts left, by index. */
  readonly adjusted?: ReadonlyMap<number, AdjustedSection>;
}

const known = new WeakMap<ParsedObject, DebugInput>();

/** The debug sections of an object. Read when first asked for: a link that drops them never looks. */
export function debugInputOf(object: ParsedObject): DebugInput {
  let input = known.get(object);
  if (!input) known.set(object, (input = readDebugInput(object)));
  return input;
}

function readDebugInput({ elf, kept }: ParsedObject): DebugInput {
  const diagnostics: Diagnostic[] = [];
  const sections: DebugSection[] = [];
  const relocations = new Map<number, RelocationTable[]>();
  for (const section of elf.sections) {
    if (kept[section.index] === DEBUG_SECTION) {
      const opened = openDebugSection(elf, section);
      if (opened.ok) sections.push(opened.value);
      else diagnostics.push(malformed(opened.error));
      continue;
    }
    if (section.type !== SHT_REL && section.type !== SHT_RELA) continue;
    if (kept[section.info] !== DEBUG_SECTION) continue;
    const table = parseRelocations(elf, section);
    if (!table.ok) {
      diagnostics.push(malformed(table.error));
      continue;
    }
    const tables = relocations.get(section.info);
    if (tables) tables.push(table.value);
    else relocations.set(section.info, [table.value]);
  }
  const inflated = new Map(sections.map(({ index, bytes }) => [index, bytes]));
  const numbered = toLlvmNumbering(elf, relocations, inflated);
  append(diagnostics, numbered.diagnostics);
  return { sections, relocations: numbered.tables, diagnostics };
}

/** The debug information of an object in its own terms. */
export function debugObjectOf({ elf }: ParsedObject, input: DebugInput): DebugObject {
  const { name, littleEndian, symbols } = elf;
  const { sections, relocations } = input;
  return {
    name,
    littleEndian,
    sections,
    relocations,
    locate(symbol, addend) {
      const section = symbols.section[symbol] ?? 0;
      if (section <= 0) return undefined;
      const base = symbols.type[symbol] === STT_SECTION ? 0 : symbols.value[symbol]!;
      return { section, offset: base + addend };
    },
  };
}

/** The debug sections of an object that are part of this link: the members of losing groups are not. */
export function linkedDebugSections(
  { sectionBase, keptSection }: Resolution,
  object: number,
  { sections }: DebugInput,
): readonly DebugSection[] {
  const base = sectionBase[object]!;
  return sections.filter(({ index }) => keptSection[base + index] === DEBUG_SECTION);
}
