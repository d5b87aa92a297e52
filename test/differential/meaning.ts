/** What an object means, in a form in which two linkers' outputs can be held against each other. */
import { typeForm } from '../support/raw-btf.js';
import {
  type RawObject,
  type RawSection,
  type RawSymbol,
  R_BPF,
  relocatedField,
  SHF,
  SHT,
  STB,
  STT,
} from '../support/raw-object.js';
import { typeIdPlaces } from '../support/type-id-places.js';

/** A stretch of an output section that holds the body of a definition that lost. */
export interface DeadRange {
  readonly section: string;
  readonly start: number;
  readonly size: number;
  readonly symbol: string;
}

export interface MeaningSection {
  readonly name: string;
  readonly type: number;
  readonly flags: number;
  readonly size: number;
  readonly alignment: number;
  /** Contents without relocated fields, as hex. */
  readonly bytes: string;
}

export interface MeaningSymbol {
  readonly name: string;
  readonly binding: number;
  readonly visibility: number;
  readonly type: number;
  /** Name of the section, or "undefined", "absolute", "common". */
  readonly section: string;
  readonly value: number;
  readonly size: number;
  /** Contents without relocated fields, as hex; empty outside sections. */
  readonly bytes: string;
}

export interface Meaning {
  readonly sections: ReadonlyMap<string, MeaningSection>;
  readonly symbols: ReadonlyMap<string, MeaningSymbol>;
  /** Place of the field -> what it refers to; local calls and jumps without relocations included. */
  readonly references: ReadonlyMap<string, string>;
  /** Place of a jump table entry -> place in the code. */
  readonly jumps: ReadonlyMap<string, string>;
  /** Type form -> how many types have it. */
  readonly types: ReadonlyMap<string, number>;
  /** "DATASEC variable" or "DATASEC static variable" -> offset and size. */
  readonly variables: ReadonlyMap<string, { readonly offset: number; readonly size: number }>;
  /** "DATASEC" -> size. */
  readonly datasecs: ReadonlyMap<string, number>;
  /** .BTF.ext records by place; each says what the record says. */
  readonly records: ReadonlyMap<string, string>;
}

/** What is not linked like the program. Debug sections bpftool drops; test/debug-info judges what we make of them. */
const UNLINKED = /^(\.rel|\.symtab|\.strtab|\.shstrtab|\.BTF|\.llvm_addrsig|\.debug|\.comment|$)/;

/** Reads the meaning of `object`; places in `dead` ranges are told apart from live ones. */
export function meaningOf(object: RawObject, dead: readonly DeadRange[] = []): Meaning {
  const places = new Places(object, dead);
  const masked = maskedContents(object);
  const sections = new Map<string, MeaningSection>();
  for (const section of object.sections) {
    if (section.index === 0 || UNLINKED.test(section.name)) continue;
    const bytes = masked.get(section.index)!;
    const { name, type, flags, size, alignment } = section;
    sections.set(unique(sections, name), { name, type, flags, size, alignment, bytes: hex(bytes) });
  }
  const symbols = new Map<string, MeaningSymbol>();
  for (const symbol of object.symbols.slice(1)) {
    if (symbol.type === STT.SECTION || (symbol.name === '' && symbol.type !== STT.FILE)) continue;
    const section = object.sections[symbol.section];
    const inside = section !== undefined && symbol.section !== 0;
    const bytes = inside
      ? masked.get(symbol.section)!.subarray(symbol.value, symbol.value + symbol.size)
      : new Uint8Array(0);
    symbols.set(unique(symbols, places.key(symbol)), {
      name: symbol.name,
      binding: symbol.binding,
      visibility: symbol.visibility,
      type: symbol.type,
      section: places.sectionName(symbol),
      value: symbol.value,
      size: symbol.size,
      bytes: symbol.type === STT.FILE ? '' : hex(bytes),
    });
  }
  return {
    sections,
    symbols,
    references: references(object, places),
    jumps: jumpTableReferences(object, places),
    ...btfMeaning(object),
    records: extMeaning(object, places),
  };
}

/** `key`, made unique among the keys of `map` by a number in order of appearance. */
function unique(map: ReadonlyMap<string, unknown>, key: string): string {
  let result = key;
  for (let i = 1; map.has(result); i++) result = `${key} (${i})`;
  return result;
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}

/** Names places by the symbol they lie in, so that bytes that move with their symbol keep their name. */
class Places {
  readonly #object: RawObject;
  readonly #dead: readonly DeadRange[];
  readonly #keys: Map<number, string> = new Map();
  readonly #bySection: Map<number, RawSymbol[]> = new Map();

  constructor(object: RawObject, dead: readonly DeadRange[]) {
    this.#object = object;
    this.#dead = dead;
    const sized = object.symbols.filter(
      (s) => s.section > 0 && s.section < object.sections.length && s.type !== STT.SECTION,
    );
    const rank = (s: RawSymbol) => (s.binding === STB.LOCAL ? 1 : 0);
    sized.sort(
      (a, b) =>
        a.section - b.section ||
        a.value - b.value ||
        rank(a) - rank(b) ||
        (a.name < b.name ? -1 : 1),
    );
    const ordinals = new Map<string, number>();
    for (const symbol of sized) {
      const list = this.#bySection.get(symbol.section);
      if (list) list.push(symbol);
      else this.#bySection.set(symbol.section, [symbol]);
      if (symbol.binding !== STB.LOCAL) continue;
      const name = `${foldedName(object.sections[symbol.section]!.name)}/${symbol.name}`;
      const ordinal = ordinals.get(name) ?? 0;
      ordinals.set(name, ordinal + 1);
      this.#keys.set(symbol.index, `${name}#${ordinal}`);
    }
  }

  key(symbol: RawSymbol): string {
    if (symbol.type === STT.FILE) return `file ${symbol.name}`;
    return this.#keys.get(symbol.index) ?? symbol.name;
  }

  sectionName(symbol: RawSymbol): string {
    if (symbol.section === 0) return 'undefined';
    if (symbol.section === 0xfff1) return 'absolute';
    if (symbol.section === 0xfff2) return 'common';
    return this.#object.sections[symbol.section]!.name;
  }

  /** The place `offset` bytes into a section. */
  at(sectionIndex: number, offset: number): string {
    const section = this.#object.sections[sectionIndex]!;
    const dead = this.#dead.find(
      (d) => d.section === section.name && offset >= d.start && offset < d.start + d.size,
    );
    if (dead) return `dead ${dead.symbol}+${offset - dead.start}`;
    if ((section.flags & SHF.STRINGS) !== 0) {
      const end = section.bytes.indexOf(0, offset);
      return `${section.name} ${JSON.stringify(Buffer.from(section.bytes.subarray(offset, end)).toString())}`;
    }
    const symbol = this.#bySection
      .get(sectionIndex)
      ?.find((s) => offset >= s.value && offset < s.value + s.size);
    if (symbol) return `${this.key(symbol)}+${offset - symbol.value}`;
    return `${section.name}+${offset}`;
  }

  /** What `symbol + addend` refers to. */
  target(symbol: RawSymbol, addend: number): string {
    if (symbol.section === 0) return `undefined ${symbol.name}+${addend}`;
    if (symbol.section >= this.#object.sections.length) return `${symbol.name}+${addend}`;
    return this.at(symbol.section, symbol.value + addend);
  }
}

/** The section a function is in once .text.NAME is part of .text. */
export function foldedName(name: string): string {
  return name.startsWith('.text.') ? '.text' : name;
}

/** Contents of each section with relocated fields, and the targets of resolved local calls and jumps, cleared. */
function maskedContents(object: RawObject): Map<number, Uint8Array> {
  const contents = new Map(object.sections.map((s) => [s.index, s.bytes.slice()] as const));
  for (const relocation of object.relocations) {
    const bytes = contents.get(relocation.section)!;
    for (const [at, size] of relocatedField(relocation)) bytes.fill(0, at, at + size);
  }
  for (const { section, fields } of typeIdPlaces(object)) {
    for (const [at, size] of fields) contents.get(section)!.fill(0, at, at + size);
  }
  for (const section of object.sections) {
    for (const { field } of localTransfers(object, section)) {
      contents.get(section.index)!.fill(0, field[0], field[1]);
    }
  }
  return contents;
}

/** A call or jump that carries no relocation. */
interface LocalTransfer {
  readonly verb: 'call' | 'goto';
  readonly offset: number;
  /** Where the bytes that say how far begin and end. */
  readonly field: readonly [number, number];
  /** The byte offset it goes to. */
  readonly target: number;
}

/** Calls and jumps within a section that carry no relocation. */
function localTransfers(object: RawObject, section: RawSection): LocalTransfer[] {
  if ((section.flags & SHF.EXECINSTR) === 0 || section.type === SHT.NOBITS) return [];
  const relocated = new Set(
    object.relocations.filter((r) => r.section === section.index).map((r) => r.offset),
  );
  const view = new DataView(section.bytes.buffer, section.bytes.byteOffset, section.size);
  const transfers: LocalTransfer[] = [];
  for (let offset = 0; offset + 8 <= section.size; offset += 8) {
    const opcode = section.bytes[offset]!;
    const registers = section.bytes[offset + 1]!;
    const source = object.littleEndian ? registers >> 4 : registers & 15;
    if (opcode === 0x18) offset += 8;
    else if (!relocated.has(offset)) {
      const isCall = opcode === 0x85 && source === 1;
      if (isCall || opcode === 0x06) {
        const target = offset + (view.getInt32(offset + 4, object.littleEndian) + 1) * 8;
        const verb = isCall ? 'call' : 'goto';
        transfers.push({ verb, offset, field: [offset + 4, offset + 8], target });
      } else if (jumpsByOffset(opcode)) {
        const target = offset + (view.getInt16(offset + 2, object.littleEndian) + 1) * 8;
        transfers.push({ verb: 'goto', offset, field: [offset + 2, offset + 4], target });
      }
    }
  }
  return transfers;
}

/** Whether the 16-bit offset of an instruction says where it jumps (RFC 9669, 4.3; 0xe5 is may_goto). */
function jumpsByOffset(opcode: number): boolean {
  const isJump = (opcode & 7) === 5 || (opcode & 7) === 6;
  // JA through a register, CALL and EXIT have none.
  return isJump && opcode !== 0x0d && (opcode & 0xf0) !== 0x80 && (opcode & 0xf0) !== 0x90;
}

function references(object: RawObject, places: Places): Map<string, string> {
  const result = new Map<string, string>();
  for (const r of object.relocations) {
    if (UNLINKED.test(object.sections[r.section]!.name)) continue;
    const place = places.at(r.section, r.offset);
    // A linker applies the relocation of a jump.
    const verb = r.type === R_BPF.GNU_64_16 ? 'goto' : `type ${r.type}`;
    result.set(unique(result, place), `${verb} -> ${places.target(r.symbol, Number(r.addend))}`);
  }
  for (const { section, offset, says } of typeIdPlaces(object)) {
    result.set(unique(result, places.at(section, offset)), says);
  }
  for (const section of object.sections) {
    for (const { verb, offset, target } of localTransfers(object, section)) {
      const place = places.at(section.index, offset);
      result.set(unique(result, place), `${verb} -> ${places.at(section.index, target)}`);
    }
  }
  return result;
}

/** Entries of .jumptables without relocations: offsets in the text section of the function that uses them. */
function jumpTableReferences(object: RawObject, places: Places): Map<string, string> {
  const result = new Map<string, string>();
  for (const section of object.sections) {
    if (section.name !== '.jumptables') continue;
    const relocated = new Set(
      object.relocations.filter((r) => r.section === section.index).map((r) => r.offset),
    );
    const view = new DataView(section.bytes.buffer, section.bytes.byteOffset, section.size);
    for (const table of object.symbols.filter((s) => s.section === section.index)) {
      const user = object.relocations.find((r) => r.symbol === table);
      if (!user) continue;
      for (let at = table.value; at < table.value + table.size; at += 8) {
        if (relocated.has(at)) continue;
        const entry = Number(view.getBigUint64(at, object.littleEndian));
        result.set(places.at(section.index, at), `jump -> ${places.at(user.section, entry)}`);
      }
    }
  }
  return result;
}

function btfMeaning(object: RawObject): Pick<Meaning, 'types' | 'variables' | 'datasecs'> {
  const types = new Map<string, number>();
  const variables = new Map<string, { offset: number; size: number }>();
  const datasecs = new Map<string, number>();
  const btf = object.btf;
  if (btf) {
    for (const type of btf.types.slice(1)) {
      const form = typeForm(btf, type.id);
      types.set(form, (types.get(form) ?? 0) + 1);
      if (!form.startsWith('datasec ')) continue;
      datasecs.set(type.name, type.third);
      for (const member of type.members) {
        const { name, extra } = btf.types[member.type]!;
        const local = extra[0] === 0 ? 'static ' : '';
        const key = unique(variables, `${type.name} ${local}${name}`);
        variables.set(key, { offset: Number(member.offset), size: member.size });
      }
    }
  }
  return { types, variables, datasecs };
}

function extMeaning(object: RawObject, places: Places): Map<string, string> {
  const records = new Map<string, string>();
  const { btf, ext } = object;
  if (!btf || !ext) return records;
  const indexes = new Map(object.sections.map((s) => [s.name, s.index]));
  const add = (kind: string, section: string, offset: number, says: string) => {
    const index = indexes.get(section);
    const place = index === undefined ? `absent ${section}+${offset}` : places.at(index, offset);
    records.set(unique(records, `${kind} ${place}`), says);
  };
  for (const { section, offset, words } of ext.funcInfo) {
    add('func', section, offset, typeForm(btf, words[0]!));
  }
  for (const { section, offset, words } of ext.lineInfo) {
    const [file, line, position] = [btf.string(words[0]!), btf.string(words[1]!), words[2]!];
    add('line', section, offset, `${file}:${position >>> 10}:${position & 1023} ${line}`);
  }
  for (const { section, offset, words } of ext.coreRelo) {
    const type = typeForm(btf, words[0]!);
    add('core', section, offset, `kind ${words[2]} access ${btf.string(words[1]!)} of ${type}`);
  }
  return records;
}
