import type { Site, SourcePosition } from '@bpf-ld/diagnostics';
import { firstBehind, STT_FILE, STT_SECTION, symbolName } from '@bpf-ld/elf-reader';
import { debugLineAt } from './debug-lines.js';
import type { ParsedObject } from './parse-object.js';

/**
 * Says where things are, for diagnostics: section and offset, the enclosing symbol, and file:line
 * from the line records of .BTF.ext or, where there are none, from DWARF.
 */
export function siteAt(object: ParsedObject, section: number, offset: number): Site {
  const { elf } = object;
  const name = elf.sections[section]?.name ?? '';
  const symbol = enclosingSymbol(object, section, offset);
  const source = sourceAt(object, name, offset) ?? debugLineAt(object, section, offset);
  return {
    object: elf.name,
    section: name,
    offset,
    ...(symbol === undefined ? {} : { symbol }),
    ...(source === undefined ? {} : { source }),
  };
}

/** The place where a symbol of the object is defined; for undefined ones, where it is first used. */
export function siteOfSymbol(object: ParsedObject, symbol: number): Site {
  const { elf } = object;
  const name = symbolName(elf, symbol);
  const home = elf.symbols.section[symbol]!;
  if (home <= 0) {
    const use = indexOf(object).uses.get(symbol);
    return use ? siteAt(object, use.section, use.offset) : { object: elf.name, symbol: name };
  }
  return { ...siteAt(object, home, elf.symbols.value[symbol]!), symbol: name };
}

/** What an object's places are looked up in: made once an object is asked about. */
interface PlaceIndex {
  /** By section index: symbols in order of value. */
  readonly symbols: ReadonlyMap<number, readonly number[]>;
  /** By section name: line records in order of instruction. */
  readonly lines: ReadonlyMap<string, readonly LineRecord[]>;
  /** By symbol: the first relocation that names it. */
  readonly uses: ReadonlyMap<number, { readonly section: number; readonly offset: number }>;
}

/** A line record of .BTF.ext, decoded. */
export interface LineRecord {
  /** Byte offset of the instruction in the section. */
  readonly offset: number;
  /** String offsets of the file's name and of the line's text in .BTF. */
  readonly file: number;
  readonly text: number;
  readonly line: number;
  readonly column: number;
}

const indexes = new WeakMap<ParsedObject, PlaceIndex>();

function indexOf(object: ParsedObject): PlaceIndex {
  let index = indexes.get(object);
  if (!index) {
    index = {
      symbols: symbolsBySection(object),
      lines: linesBySection(object),
      uses: firstUses(object),
    };
    indexes.set(object, index);
  }
  return index;
}

function symbolsBySection({ elf: { symbols } }: ParsedObject): PlaceIndex['symbols'] {
  const bySection = new Map<number, number[]>();
  for (let i = 1; i < symbols.count; i++) {
    const type = symbols.type[i];
    const home = symbols.section[i]!;
    if (home <= 0 || type === STT_SECTION || type === STT_FILE) continue;
    const known = bySection.get(home);
    if (known) known.push(i);
    else bySection.set(home, [i]);
  }
  for (const list of bySection.values()) {
    list.sort((a, b) => symbols.value[a]! - symbols.value[b]! || a - b);
  }
  return bySection;
}

function firstUses({ relocations }: ParsedObject): PlaceIndex['uses'] {
  const uses = new Map<number, { readonly section: number; readonly offset: number }>();
  for (const [section, tables] of relocations) {
    for (const { symbol, offset } of tables) {
      symbol.forEach((used, i) => {
        if (!uses.has(used)) uses.set(used, { section, offset: offset[i]! });
      });
    }
  }
  return uses;
}

/** Line records by the name of their section, in order of offset. */
export function linesBySection({
  btf,
  btfExt,
}: Pick<ParsedObject, 'btf' | 'btfExt'>): ReadonlyMap<string, readonly LineRecord[]> {
  const bySection = new Map<string, LineRecord[]>();
  if (!btf || !btfExt) return bySection;
  for (const { sectionName, words, recordSize } of btfExt.lineInfo) {
    const name = btf.strings.cstring(sectionName);
    const records = bySection.get(name) ?? [];
    bySection.set(name, records);
    for (let at = 0; at < words.length; at += recordSize / 4) {
      // line_col packs the line above ten bits of column (btf.rst, struct bpf_line_info).
      const packed = words[at + 3]!;
      records.push({
        offset: words[at]!,
        file: words[at + 1]!,
        text: words[at + 2]!,
        line: packed >>> 10,
        column: packed & 0x3ff,
      });
    }
  }
  for (const records of bySection.values()) records.sort((a, b) => a.offset - b.offset);
  return bySection;
}

/** The last item at or before `offset` in a list in order of `position`. */
function lastAt<T>(
  list: readonly T[],
  offset: number,
  position: (item: T) => number,
): T | undefined {
  return list[firstBehind(list, (item) => position(item) <= offset) - 1];
}

function enclosingSymbol(
  object: ParsedObject,
  section: number,
  offset: number,
): string | undefined {
  const { elf } = object;
  const { value, size } = elf.symbols;
  const candidates = indexOf(object).symbols.get(section) ?? [];
  const found = lastAt(candidates, offset, (symbol) => value[symbol]!);
  if (found === undefined) return undefined;
  const inside = value[found] === offset || offset < value[found]! + size[found]!;
  return inside ? symbolName(elf, found) : undefined;
}

/** The last line record at or before `offset`, as the kernel's verifier log attributes lines. */
function sourceAt(
  object: ParsedObject,
  section: string,
  offset: number,
): SourcePosition | undefined {
  const records = indexOf(object).lines.get(section) ?? [];
  const record = lastAt(records, offset, (line) => line.offset);
  if (!record || !object.btf || record.line === 0) return undefined;
  const file = object.btf.strings.cstring(record.file);
  return { file, line: record.line, column: record.column };
}
