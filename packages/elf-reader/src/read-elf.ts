import { Cursor } from './cursor.js';
import { catchMalformed, type ReadResult } from './malformed.js';
import { SHT_DYNSYM } from './image-records.js';
import {
  EHDR,
  EHDR_SIZE,
  ELFCLASS64,
  ELFDATA2LSB,
  ELFDATA2MSB,
  REL_SIZE,
  RELA,
  RELA_SIZE,
  SHDR,
  SHDR_SIZE,
  SHN_ABS,
  SHN_COMMON,
  SHN_LORESERVE,
  SHN_XINDEX,
  SHT_NOBITS,
  SHT_NULL,
  SHT_REL,
  SHT_RELA,
  SHT_STRTAB,
  SHT_SYMTAB,
  SHT_SYMTAB_SHNDX,
  SYM,
  SYM_SIZE,
} from './records.js';

/** One section header, its name decoded. Offsets and sizes are bytes. */
export interface Section {
  readonly index: number;
  readonly name: string;
  readonly type: number;
  /** SHF_ bits; all that are defined fit in 32 bits. */
  readonly flags: number;
  readonly address: number;
  readonly offset: number;
  readonly size: number;
  readonly link: number;
  readonly info: number;
  /** At least 1 (0 in the file means the same). */
  readonly alignment: number;
  readonly entrySize: number;
}

/** Where a symbol is defined that is in no section: values of {@link SymbolTable.section}. */
export const SECTION_ABSOLUTE = -1;
export const SECTION_COMMON = -2;

/** The symbol table as columns; row 0 is the null symbol. */
export interface SymbolTable {
  readonly count: number;
  /** The string table the names are in. */
  readonly names: Cursor;
  /** Start of each name in `names`, and the position of its NUL. */
  readonly nameAt: Uint32Array;
  readonly nameEnd: Uint32Array;
  readonly binding: Uint8Array;
  readonly type: Uint8Array;
  readonly visibility: Uint8Array;
  /** Section index (SHN_XINDEX resolved), 0 undefined, or SECTION_ABSOLUTE, SECTION_COMMON. */
  readonly section: Int32Array;
  readonly value: Float64Array;
  readonly size: Float64Array;
}

/** One SHT_REL or SHT_RELA section as columns, in file order. */
export interface RelocationTable {
  readonly count: number;
  /** Byte offset in the section the table is for. */
  readonly offset: Float64Array;
  readonly type: Uint32Array;
  readonly symbol: Uint32Array;
  /** Explicit addends, of SHT_RELA only. */
  readonly addend: BigInt64Array | undefined;
}

/** A parsed ELF64 file of either byte order. The bytes stay where they are: nothing is copied. */
export interface ElfFile {
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly littleEndian: boolean;
  readonly osAbi: number;
  readonly type: number;
  readonly machine: number;
  readonly flags: number;
  readonly entry: number;
  /** Every section, number 0 (null) included. */
  readonly sections: readonly Section[];
  readonly symbols: SymbolTable;
  /** Index of the string table that section names are in. */
  readonly sectionNamesIndex: number;
  /** Index of the SHT_SYMTAB section, 0 without one. */
  readonly symbolTableIndex: number;
}

/**
 * Parses headers, section table and symbol table of an ELF64 file and checks every offset, size and
 * index in them against the file, so that what is returned can be followed without looking again.
 * Contents of sections (relocations, groups, strings) are read by the functions below.
 *
 * @returns the file, or where and how it breaks the gABI.
 */
export function parseElf(name: string, bytes: Uint8Array): ReadResult<ElfFile> {
  return catchMalformed(() => readElf(name, bytes));
}

function readElf(name: string, bytes: Uint8Array): ElfFile {
  const ident = new Cursor(bytes, name, true);
  ident.need(0, EHDR_SIZE, 'ELF header');
  if (ident.u32(0) !== 0x464c_457f) throw ident.malformed('not an ELF file', 0);
  if (ident.u8(EHDR.ei_class.offset) !== ELFCLASS64) {
    throw ident.malformed('not a 64-bit ELF file', EHDR.ei_class.offset);
  }
  const data = ident.u8(EHDR.ei_data.offset);
  if (data !== ELFDATA2LSB && data !== ELFDATA2MSB) {
    throw ident.malformed(`unknown byte order ${data}`, EHDR.ei_data.offset);
  }
  const littleEndian = data === ELFDATA2LSB;
  const file = new Cursor(bytes, name, littleEndian);
  const { sections, namesIndex } = readSections(file);
  const symbolTableIndex = sections.find((s) => s.type === SHT_SYMTAB)?.index ?? 0;
  return {
    name,
    bytes,
    littleEndian,
    osAbi: file.u8(EHDR.ei_osabi.offset),
    type: file.u16(EHDR.e_type.offset),
    machine: file.u16(EHDR.e_machine.offset),
    flags: file.u32(EHDR.e_flags.offset),
    entry: file.u64(EHDR.e_entry.offset),
    sections,
    sectionNamesIndex: namesIndex,
    symbols: readSymbols(file, sections, symbolTableIndex),
    symbolTableIndex,
  };
}

function readSections(file: Cursor): {
  readonly sections: readonly Section[];
  readonly namesIndex: number;
} {
  const tableAt = file.u64(EHDR.e_shoff.offset);
  if (tableAt === 0) throw file.malformed('no section header table', EHDR.e_shoff.offset);
  if (file.u16(EHDR.e_shentsize.offset) !== SHDR_SIZE) {
    throw file.malformed(
      `section headers of ${file.u16(EHDR.e_shentsize.offset)} bytes, not ${SHDR_SIZE}`,
      EHDR.e_shentsize.offset,
    );
  }
  file.need(tableAt, SHDR_SIZE, 'section header table');
  // gABI: counts that do not fit the header are kept in section 0.
  let count = file.u16(EHDR.e_shnum.offset);
  if (count === 0) count = file.u64(tableAt + SHDR.sh_size.offset);
  let namesIndex = file.u16(EHDR.e_shstrndx.offset);
  if (namesIndex === SHN_XINDEX) namesIndex = file.u32(tableAt + SHDR.sh_link.offset);
  if (count === 0) throw file.malformed('section header table is empty', EHDR.e_shnum.offset);
  file.need(tableAt, count * SHDR_SIZE, 'section header table');
  if (namesIndex === 0 || namesIndex >= count) {
    throw file.malformed(
      `section name table ${namesIndex} is not one of ${count} sections`,
      EHDR.e_shstrndx.offset,
    );
  }
  const namesHeader = tableAt + namesIndex * SHDR_SIZE;
  if (file.u32(namesHeader + SHDR.sh_type.offset) !== SHT_STRTAB) {
    throw file.malformed(`section name table ${namesIndex} is not a string table`, namesHeader);
  }
  const names = file.window(
    file.u64(namesHeader + SHDR.sh_offset.offset),
    file.u64(namesHeader + SHDR.sh_size.offset),
    'section names',
  );
  const sections: Section[] = [];
  let stored = 0;
  for (let index = 0; index < count; index++) {
    const section = readSection(file, tableAt + index * SHDR_SIZE, index, count, names);
    sections.push(section);
    if (section.type !== SHT_NOBITS) stored += section.size;
  }
  // gABI: sections in a file do not overlap. Work and memory are bounded by the file because of it.
  if (stored > file.length) {
    throw file.malformed(`sections overlap: ${stored} bytes in a file of ${file.length}`, tableAt);
  }
  return { sections, namesIndex };
}

function readSection(
  file: Cursor,
  at: number,
  index: number,
  count: number,
  names: Cursor,
): Section {
  const type = file.u32(at + SHDR.sh_type.offset);
  if (type === SHT_NULL) {
    // Section 0 holds the extended counts, and nothing that may be followed.
    return {
      index,
      name: '',
      type,
      flags: 0,
      address: 0,
      offset: 0,
      size: 0,
      link: 0,
      info: 0,
      alignment: 1,
      entrySize: 0,
    };
  }
  const name = names.cstring(file.u32(at + SHDR.sh_name.offset));
  const offset = file.u64(at + SHDR.sh_offset.offset);
  const size = file.u64(at + SHDR.sh_size.offset);
  const link = file.u32(at + SHDR.sh_link.offset);
  const info = file.u32(at + SHDR.sh_info.offset);
  const alignment = file.u64(at + SHDR.sh_addralign.offset) || 1;
  if (type !== SHT_NOBITS) file.need(offset, size, `section ${index} (${name})`);
  if (link >= count) {
    throw file.malformed(
      `section ${index} (${name}) is linked to section ${link} of ${count}`,
      at + SHDR.sh_link.offset,
    );
  }
  if ((type === SHT_REL || type === SHT_RELA) && info >= count) {
    throw file.malformed(
      `section ${index} (${name}) relocates section ${info} of ${count}`,
      at + SHDR.sh_info.offset,
    );
  }
  if (!isPowerOfTwo(alignment)) {
    throw file.malformed(
      `section ${index} (${name}) has an alignment of ${alignment}, not a power of two`,
      at + SHDR.sh_addralign.offset,
    );
  }
  return {
    index,
    name,
    type,
    flags: file.u32(at + SHDR.sh_flags.offset + (file.littleEndian ? 0 : 4)),
    address: file.u64(at + SHDR.sh_addr.offset),
    offset,
    size,
    link,
    info,
    alignment,
    entrySize: file.u64(at + SHDR.sh_entsize.offset),
  };
}

/** Whether a safe integer is a power of two; bit operations would see 32 bits only. */
export function isPowerOfTwo(n: number): boolean {
  return n >= 1 && Number.isInteger(Math.log2(n)) && 2 ** Math.log2(n) === n;
}

function readSymbols(file: Cursor, sections: readonly Section[], tableIndex: number): SymbolTable {
  const section = sections[tableIndex]!;
  const table = sectionCursor(file, section);
  const count = tableIndex === 0 ? 0 : countEntries(file, section, SYM_SIZE);
  const namesSection = sections[section.link]!;
  if (tableIndex !== 0 && namesSection.type !== SHT_STRTAB) {
    throw file.malformed(`names of ${section.name} are in no string table`, section.offset);
  }
  const names = sectionCursor(file, namesSection);
  const extended = sections.find((s) => s.type === SHT_SYMTAB_SHNDX && s.link === tableIndex);
  const extendedIndexes = extended && sectionCursor(file, extended);
  const columns = {
    nameAt: new Uint32Array(count),
    nameEnd: new Uint32Array(count),
    binding: new Uint8Array(count),
    type: new Uint8Array(count),
    visibility: new Uint8Array(count),
    section: new Int32Array(count),
    value: new Float64Array(count),
    size: new Float64Array(count),
  };
  // Names may share their tails, but not so that a small table spells out gigabytes.
  let nameBytes = names.length * 4 + count * 256;
  for (let i = 0, at = 0; i < count; i++, at += SYM_SIZE) {
    const info = table.u8(at + SYM.st_info.offset);
    const nameAt = table.u32(at + SYM.st_name.offset);
    if (nameAt >= names.length) {
      throw table.malformed(`name of symbol ${i} is outside ${namesSection.name}`, at);
    }
    columns.nameAt[i] = nameAt;
    columns.nameEnd[i] = nameAt === 0 ? 0 : names.stringEnd(nameAt);
    nameBytes -= columns.nameEnd[i]! - nameAt;
    if (nameBytes < 0) throw table.malformed('names of symbols overlap without measure', at);
    columns.binding[i] = info >>> 4;
    columns.type[i] = info & 0xf;
    columns.visibility[i] = table.u8(at + SYM.st_other.offset) & 3;
    columns.value[i] = table.u64(at + SYM.st_value.offset);
    columns.size[i] = table.u64(at + SYM.st_size.offset);
    let index = table.u16(at + SYM.st_shndx.offset);
    if (index === SHN_XINDEX && extendedIndexes) {
      index = extendedIndexes.u32(i * 4);
    } else if (index >= SHN_LORESERVE) {
      if (index === SHN_ABS) index = SECTION_ABSOLUTE;
      else if (index === SHN_COMMON) index = SECTION_COMMON;
      else {
        throw table.malformed(`symbol ${i} is in reserved section 0x${index.toString(16)}`, at);
      }
    }
    if (index >= sections.length) {
      throw table.malformed(`symbol ${i} is in section ${index} of ${sections.length}`, at);
    }
    columns.section[i] = index;
  }
  return { count, names, ...columns };
}

function sectionCursor(file: Cursor, section: Section): Cursor {
  return file.window(section.offset, section.type === SHT_NOBITS ? 0 : section.size, section.name);
}

function countEntries(file: Cursor, section: Section, entrySize: number): number {
  if (section.entrySize !== entrySize || section.size % entrySize !== 0) {
    throw file.malformed(
      `${section.name} has entries of ${section.entrySize} bytes in ${section.size}, not of ${entrySize}`,
      section.offset,
    );
  }
  return section.size / entrySize;
}

/** A cursor on the contents of one section; empty for SHT_NOBITS. */
export function openSection(elf: ElfFile, section: Section): Cursor {
  return sectionCursor(new Cursor(elf.bytes, elf.name, elf.littleEndian), section);
}

/** The name of symbol `index`. */
export function symbolName(elf: ElfFile, index: number): string {
  return elf.symbols.names.cstring(elf.symbols.nameAt[index]!);
}

/**
 * The symbols that a shared object has for run-time loaders (SHT_DYNSYM), as {@link ElfFile.symbols}
 * has those for linkers; `undefined` without such a table.
 */
export function parseDynamicSymbols(elf: ElfFile): ReadResult<SymbolTable | undefined> {
  return catchMalformed(() => {
    const table = elf.sections.find(({ type }) => type === SHT_DYNSYM);
    const file = new Cursor(elf.bytes, elf.name, elf.littleEndian);
    return table && readSymbols(file, elf.sections, table.index);
  });
}

/** The relocations that a run-time loader does: a table whose symbols are those of SHT_DYNSYM. */
export function parseDynamicRelocations(
  elf: ElfFile,
  section: Section,
): ReadResult<RelocationTable> {
  return catchMalformed(() => {
    const symbols = elf.sections[section.link]!;
    const file = new Cursor(elf.bytes, elf.name, elf.littleEndian);
    if (symbols.type !== SHT_DYNSYM) {
      throw file.malformed(`${section.name} does not use the dynamic symbol table`, section.offset);
    }
    return readRelocations(elf, section, countEntries(file, symbols, SYM_SIZE));
  });
}

/**
 * Decodes a SHT_REL or SHT_RELA section. Every symbol index is checked; offsets are not, because
 * what they may be depends on the relocation type.
 */
export function parseRelocations(elf: ElfFile, section: Section): ReadResult<RelocationTable> {
  return catchMalformed(() => {
    const file = new Cursor(elf.bytes, elf.name, elf.littleEndian);
    const explicit = section.type === SHT_RELA;
    const count = countEntries(file, section, explicit ? RELA_SIZE : REL_SIZE);
    if (count > 0 && section.link !== elf.symbolTableIndex) {
      throw file.malformed(`${section.name} does not use the symbol table`, section.offset);
    }
    return readRelocations(elf, section, elf.symbols.count);
  });
}

function readRelocations(elf: ElfFile, section: Section, symbols: number): RelocationTable {
  const explicit = section.type === SHT_RELA;
  const entrySize = explicit ? RELA_SIZE : REL_SIZE;
  const file = new Cursor(elf.bytes, elf.name, elf.littleEndian);
  const count = countEntries(file, section, entrySize);
  const table = sectionCursor(file, section);
  const offset = new Float64Array(count);
  const type = new Uint32Array(count);
  const symbol = new Uint32Array(count);
  const addend = explicit ? new BigInt64Array(count) : undefined;
  const lowWord = RELA.r_info.offset + (elf.littleEndian ? 0 : 4);
  const highWord = RELA.r_info.offset + (elf.littleEndian ? 4 : 0);
  for (let i = 0, at = 0; i < count; i++, at += entrySize) {
    offset[i] = table.u64(at + RELA.r_offset.offset);
    type[i] = table.u32(at + lowWord);
    const index = table.u32(at + highWord);
    if (index >= symbols && !(index === 0 && symbols === 0)) {
      throw table.malformed(`relocation against symbol ${index} of ${symbols}`, at);
    }
    symbol[i] = index;
    if (addend) addend[i] = BigInt.asIntN(64, table.u64big(at + RELA.r_addend.offset));
  }
  return { count, offset, type, symbol, addend };
}
