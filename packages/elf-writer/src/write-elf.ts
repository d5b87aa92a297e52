import {
  EHDR,
  EHDR_SIZE,
  ELFCLASS64,
  ELFDATA2LSB,
  ELFDATA2MSB,
  EV_CURRENT,
  PHDR_SIZE,
  REL_SIZE,
  RELA,
  SHDR,
  SHDR_SIZE,
  SHF_INFO_LINK,
  SHN_LORESERVE,
  SHN_XINDEX,
  SHT_NOBITS,
  SHT_STRTAB,
  SHT_SYMTAB,
  SHT_SYMTAB_SHNDX,
  SYM,
  SYM_SIZE,
  type StringId,
  type StringPool,
} from '@bpf-ld/elf-reader';
import { Output } from './output.js';
import { PROGRAM_HEADERS_AT, writeProgramHeaders, type ImageSpec } from './program-headers.js';
import { StringTable } from './string-table.js';

/**
 * A section to be written. Its link is an index in the file being written, and so is its info where
 * the gABI has one there (SHF_INFO_LINK).
 */
export interface SectionSpec {
  readonly name: StringId;
  readonly type: number;
  readonly flags: number;
  readonly alignment: number;
  readonly entrySize: number;
  readonly link: number;
  readonly info: number;
  /** Bytes in memory; for all but NOBITS the length of the contents. */
  readonly size: number;
  /** The contents, or a function that writes them at the current place; nothing for NOBITS. */
  readonly contents: Uint8Array | ((output: Output) => void) | undefined;
  /** Where a segment has it; absent for what no segment loads. */
  readonly loaded?: { readonly address: number; readonly offset: number };
}

/** Section of a {@link SymbolSpec} that is in none. */
export const IN_NO_SECTION = -1;

/** One row of the symbol table. */
export interface SymbolColumns {
  readonly count: number;
  /** Symbols before this one are local: sh_info. */
  readonly firstGlobal: number;
  readonly name: Int32Array;
  readonly binding: Uint8Array;
  readonly type: Uint8Array;
  readonly visibility: Uint8Array;
  /** Index of the section in the file, 0 undefined, IN_NO_SECTION absolute. */
  readonly section: Int32Array;
  readonly value: Float64Array;
  readonly size: Float64Array;
}

export interface ElfSpec {
  readonly littleEndian: boolean;
  readonly type: number;
  readonly machine: number;
  readonly flags: number;
  readonly strings: StringPool;
  readonly symbols: SymbolColumns;
  /** Every section after null, .strtab and .symtab: the first has index {@link FIRST_SECTION}. */
  readonly sections: readonly SectionSpec[];
  /**
   * Entry and segments of an executable or shared object. Its tables stand behind its sections, so
   * that nothing comes before the segments; {@link fileIndex} says where the indexes of the
   * specification went.
   */
  readonly image?: ImageSpec;
}

const STRTAB_INDEX = 1;
/** Index of the symbol table in every file written. */
export const SYMTAB_INDEX = 2;
/** Index of the first section of {@link ElfSpec.sections}. */
export const FIRST_SECTION = 3;
const SHN_ABS = 0xfff1;

/** The index that a section of a specification, {@link FIRST_SECTION} being the first, has in the file. */
export function fileIndex({ image, sections }: ElfSpec, index: number): number {
  if (!image || index === 0) return index;
  if (index >= FIRST_SECTION) return index - FIRST_SECTION + 1;
  return sections.length + 1 + SYMTAB_INDEX - index;
}

/**
 * Writes an ELF64 file: header, one string table for sections and symbols (some loaders read the
 * first and no other), symbol table, the given sections, section headers. With an `image`: header,
 * program headers, the given sections, those that are loaded at their places, then the two tables.
 *
 * More than 65,279 sections take the gABI's extended forms: counts in section 0, SHN_XINDEX and
 * SHT_SYMTAB_SHNDX.
 */
export function writeElf(spec: ElfSpec): Uint8Array {
  const { strings, symbols, littleEndian } = spec;
  const strtab = new StringTable(strings);
  const sectionNames = spec.sections.map((section) => strtab.add(section.name));
  const ownNames = ['.strtab', '.symtab', '.symtab_shndx'].map((name) => strings.internText(name));
  const strtabName = strtab.add(ownNames[0]!);
  const symtabName = strtab.add(ownNames[1]!);
  const count = FIRST_SECTION + spec.sections.length;
  const extended = symbols.section.some((index) => index >= SHN_LORESERVE);
  const shndxName = extended ? strtab.add(ownNames[2]!) : 0;
  const total = count + (extended ? 1 : 0);
  const symbolNames = Uint32Array.from(symbols.name, (name) => strtab.add(name as StringId));

  const own: SectionSpec[] = [
    table(ownNames[0]!, SHT_STRTAB, 1, 0, 0, 0, strtab.size, (output) => strtab.write(output)),
    table(
      ownNames[1]!,
      SHT_SYMTAB,
      8,
      SYM_SIZE,
      STRTAB_INDEX,
      symbols.firstGlobal,
      symbols.count * SYM_SIZE,
      (output) => writeSymbols(output, symbols, symbolNames, (index) => fileIndex(spec, index)),
    ),
  ];
  const all = spec.image ? [...spec.sections, ...own.reverse()] : [...own, ...spec.sections];
  const nameAt = spec.image
    ? [...sectionNames, symtabName, strtabName]
    : [strtabName, symtabName, ...sectionNames];
  if (extended) {
    all.push(
      table(ownNames[2]!, SHT_SYMTAB_SHNDX, 4, 4, SYMTAB_INDEX, 0, symbols.count * 4, (output) =>
        writeExtendedIndexes(output, spec),
      ),
    );
    nameAt.push(shndxName);
  }

  // Where everything goes, before a byte is written: the image is allocated once.
  const offsets: number[] = [];
  let end = EHDR_SIZE + (spec.image?.programHeaders.length ?? 0) * PHDR_SIZE;
  for (const section of all) {
    const stored = section.type === SHT_NOBITS ? 0 : section.size;
    const offset =
      section.loaded?.offset ?? alignUp(end, Math.min(section.alignment, MAX_FILE_ALIGNMENT));
    offsets.push(offset);
    if (stored > 0) end = offset + stored;
  }
  const headersAt = alignUp(end, 8);
  const output = new Output(headersAt + total * SHDR_SIZE, littleEndian);

  writeHeader(output, spec, headersAt, total);
  if (spec.image) writeProgramHeaders(output, spec.image.programHeaders);
  all.forEach((section, i) => {
    output.seek(offsets[i]!);
    if (section.contents instanceof Uint8Array) output.bytes(section.contents);
    else section.contents?.(output);
  });
  const at = (i: number): number => headersAt + i * SHDR_SIZE;
  // gABI: section 0 holds what the header's 16 bits cannot.
  output.u64At(at(0) + SHDR.sh_size.offset, total >= SHN_LORESERVE ? total : 0);
  all.forEach((section, i) => {
    const header = at(i + 1);
    output.u32At(header + SHDR.sh_name.offset, nameAt[i]!);
    output.u32At(header + SHDR.sh_type.offset, section.type);
    output.u64At(header + SHDR.sh_flags.offset, section.flags >>> 0);
    output.u64At(header + SHDR.sh_addr.offset, section.loaded?.address ?? 0);
    output.u64At(header + SHDR.sh_offset.offset, offsets[i]!);
    output.u64At(header + SHDR.sh_size.offset, section.size);
    output.u32At(header + SHDR.sh_link.offset, fileIndex(spec, section.link));
    const info =
      (section.flags & SHF_INFO_LINK) === 0 ? section.info : fileIndex(spec, section.info);
    output.u32At(header + SHDR.sh_info.offset, info);
    output.u64At(header + SHDR.sh_addralign.offset, section.alignment);
    output.u64At(header + SHDR.sh_entsize.offset, section.entrySize);
  });
  return output.image;
}

/** Alignment in the file beyond a page serves nobody: nothing maps a relocatable object. */
const MAX_FILE_ALIGNMENT = 4096;

/** The first multiple of `alignment`, 1 or more, at or behind `value`; any unit. */
export function alignUp(value: number, alignment: number): number {
  return Math.ceil(value / alignment) * alignment;
}

function table(
  name: StringId,
  type: number,
  alignment: number,
  entrySize: number,
  link: number,
  info: number,
  size: number,
  contents: (output: Output) => void,
): SectionSpec {
  return { name, type, flags: 0, alignment, entrySize, link, info, size, contents };
}

function writeHeader(output: Output, spec: ElfSpec, headersAt: number, total: number): void {
  output.seek(0);
  output.bytes(Uint8Array.of(0x7f, 0x45, 0x4c, 0x46));
  output.u8At(EHDR.ei_class.offset, ELFCLASS64);
  output.u8At(EHDR.ei_data.offset, spec.littleEndian ? ELFDATA2LSB : ELFDATA2MSB);
  output.u8At(EHDR.ei_version.offset, EV_CURRENT);
  output.u16At(EHDR.e_type.offset, spec.type);
  output.u16At(EHDR.e_machine.offset, spec.machine);
  output.u32At(EHDR.e_version.offset, EV_CURRENT);
  output.u64At(EHDR.e_entry.offset, spec.image?.entry ?? 0);
  if (spec.image && spec.image.programHeaders.length > 0) {
    output.u64At(EHDR.e_phoff.offset, PROGRAM_HEADERS_AT);
    output.u16At(EHDR.e_phentsize.offset, PHDR_SIZE);
    output.u16At(EHDR.e_phnum.offset, spec.image.programHeaders.length);
  }
  output.u64At(EHDR.e_shoff.offset, headersAt);
  output.u32At(EHDR.e_flags.offset, spec.flags);
  output.u16At(EHDR.e_ehsize.offset, EHDR_SIZE);
  output.u16At(EHDR.e_shentsize.offset, SHDR_SIZE);
  output.u16At(EHDR.e_shnum.offset, total >= SHN_LORESERVE ? 0 : total);
  output.u16At(EHDR.e_shstrndx.offset, fileIndex(spec, STRTAB_INDEX));
}

/**
 * Writes a symbol table at the output's position.
 *
 * @param nameAt offsets in the string table, by symbol
 * @param indexOf the index in the file of a section of `symbols`
 */
export function writeSymbols(
  output: Output,
  symbols: SymbolColumns,
  nameAt: Uint32Array,
  indexOf: (section: number) => number,
): void {
  for (let i = 0, at = output.position; i < symbols.count; i++, at += SYM_SIZE) {
    const home = symbols.section[i]!;
    const section = home === IN_NO_SECTION ? SHN_ABS : indexOf(home);
    const isExtended = home !== IN_NO_SECTION && section >= SHN_LORESERVE;
    output.u32At(at + SYM.st_name.offset, nameAt[i]!);
    output.u8At(at + SYM.st_info.offset, (symbols.binding[i]! << 4) | symbols.type[i]!);
    output.u8At(at + SYM.st_other.offset, symbols.visibility[i]!);
    output.u16At(at + SYM.st_shndx.offset, isExtended ? SHN_XINDEX : section);
    output.u64At(at + SYM.st_value.offset, symbols.value[i]!);
    output.u64At(at + SYM.st_size.offset, symbols.size[i]!);
  }
}

function writeExtendedIndexes(output: Output, spec: ElfSpec): void {
  for (let i = 0; i < spec.symbols.count; i++) {
    const home = spec.symbols.section[i]!;
    const section = home === IN_NO_SECTION ? 0 : fileIndex(spec, home);
    output.u32At(output.position + i * 4, section >= SHN_LORESERVE ? section : 0);
  }
}

/** Writes a SHT_REL table at the output's position: columns of equal length, in order. */
export function writeRelocations(
  output: Output,
  count: number,
  entry: (i: number) => { readonly offset: number; readonly type: number; readonly symbol: number },
): void {
  const low = RELA.r_info.offset + (output.littleEndian ? 0 : 4);
  const high = RELA.r_info.offset + (output.littleEndian ? 4 : 0);
  for (let i = 0, at = output.position; i < count; i++, at += REL_SIZE) {
    const { offset, type, symbol } = entry(i);
    output.u64At(at + RELA.r_offset.offset, offset);
    output.u32At(at + low, type);
    output.u32At(at + high, symbol);
  }
}
