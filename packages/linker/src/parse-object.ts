import { parseBtf, parseBtfExt, type Btf, type BtfExt } from '@bpf-ld/btf';
import { FRAMES_SECTION, isDebugSection, isObsoleteDebugSection } from '@bpf-ld/debug-info';
import {
  append,
  byteOrderMismatch,
  initArray,
  malformedBtf,
  malformedObject,
  notABpfObject,
  unsupportedBtf,
  unsupportedSection,
  type Diagnostic,
} from '@bpf-ld/diagnostics';
import {
  ET_DYN,
  identifyFile,
  openSection,
  parseElf,
  isPowerOfTwo,
  parseRelocations,
  SECTION_COMMON,
  SHF_ALLOC,
  SHF_EXCLUDE,
  SHT_FINI_ARRAY,
  SHT_GROUP,
  SHT_INIT_ARRAY,
  SHT_LLVM_ADDRSIG,
  SHT_NOBITS,
  SHT_NOTE,
  SHT_NULL,
  SHT_PREINIT_ARRAY,
  SHT_PROGBITS,
  SHT_REL,
  SHT_RELA,
  SHT_STRTAB,
  SHT_SYMTAB,
  SHT_SYMTAB_SHNDX,
  STT_FILE,
  STT_SECTION,
  SYM_SIZE,
  symbolName,
  type ElfFile,
  type FileKind,
  type ReadError,
  type RelocationTable,
  type Section,
} from '@bpf-ld/elf-reader';
import { toLlvmNumbering } from '@bpf-ld/reloc-engine';
import { DEBUG_SECTION } from '@bpf-ld/symbol-resolver';
import type { LinkInput } from './api.js';

/**
 * One input, parsed and checked. It depends on the input's name and bytes alone, so that it can be
 * kept between links.
 */
export interface ParsedObject {
  readonly elf: ElfFile;
  /** By section index: 1 where the contents may become part of the program, DEBUG_SECTION, or 0. */
  readonly kept: Uint8Array;
  /** Tables that apply to a kept section of the program, by its index. */
  readonly relocations: ReadonlyMap<number, readonly RelocationTable[]>;
  readonly btf: Btf | undefined;
  readonly btfExt: BtfExt | undefined;
  readonly diagnostics: readonly Diagnostic[];
}

/** The parse pass for one input: an object, or why it is none. */
export type ParseResult =
  | { readonly ok: true; readonly object: ParsedObject }
  | { readonly ok: false; readonly diagnostics: readonly Diagnostic[] };

/**
 * Parses one object: headers, symbols, relocations of the sections that stay, BTF. Contents of
 * sections are not looked at.
 */
export function parseObject(input: LinkInput): ParseResult {
  const kind = identifyFile(input.bytes);
  if (kind.kind !== 'bpf-object') {
    const [what, hint] = describeKind(kind);
    return { ok: false, diagnostics: [notABpfObject(input.name, what, hint)] };
  }
  const parsed = parseElf(input.name, input.bytes);
  if (!parsed.ok) return { ok: false, diagnostics: [malformed(parsed.error)] };
  const elf = parsed.value;
  const diagnostics: Diagnostic[] = [];
  const kept = classify(elf, diagnostics);
  append(diagnostics, checkSymbols(elf, kept));
  const relocations = readRelocationTables(elf, kept, diagnostics);
  const { btf, btfExt } = readTypes(elf, diagnostics);
  if (diagnostics.some(({ severity }) => severity === 'error')) return { ok: false, diagnostics };
  return { ok: true, object: { elf, kept, relocations, btf, btfExt, diagnostics } };
}

/** All objects of one link have one byte order, the first one's. */
export function checkByteOrder(objects: readonly ParsedObject[]): readonly Diagnostic[] {
  const first = objects[0];
  return objects
    .filter(({ elf }) => elf.littleEndian !== first!.elf.littleEndian)
    .map(({ elf }) =>
      byteOrderMismatch({ object: first!.elf.name }, first!.elf.littleEndian, { object: elf.name }),
    );
}

export function malformed(error: ReadError): Diagnostic {
  const { file, section, offset } = error.place;
  const site = { object: file, ...(section === undefined ? {} : { section }), offset };
  return malformedObject(site, error.message);
}

const BTF_SECTION = '.BTF';
const BTF_EXT_SECTION = '.BTF.ext';
/** Sections that are rebuilt, or that describe the object rather than belong to the program. */
const REBUILT_TYPES: ReadonlySet<number> = new Set([
  SHT_NULL,
  SHT_SYMTAB,
  SHT_STRTAB,
  SHT_SYMTAB_SHNDX,
  SHT_REL,
  SHT_RELA,
  SHT_GROUP,
  SHT_LLVM_ADDRSIG,
]);
const CONTENT_TYPES: ReadonlySet<number> = new Set([SHT_PROGBITS, SHT_NOBITS, SHT_NOTE]);
const ARRAY_TYPES: ReadonlySet<number> = new Set([
  SHT_INIT_ARRAY,
  SHT_FINI_ARRAY,
  SHT_PREINIT_ARRAY,
]);

/** Which sections may contribute, by section index; what cannot be linked is reported. */
function classify(elf: ElfFile, diagnostics: Diagnostic[]): Uint8Array {
  const kept = new Uint8Array(elf.sections.length);
  for (const section of elf.sections) {
    const { type, flags, name, index } = section;
    if (REBUILT_TYPES.has(type) || (flags & SHF_EXCLUDE) !== 0) continue;
    if (name === BTF_SECTION || name === BTF_EXT_SECTION) continue;
    const inMemory = (flags & SHF_ALLOC) !== 0;
    if (!inMemory && isObsoleteDebugSection(name)) continue;
    if ((!inMemory && isDebugSection(name)) || name === FRAMES_SECTION) {
      if (type === SHT_PROGBITS) kept[index] = DEBUG_SECTION;
      continue;
    }
    const site = { object: elf.name, section: name };
    if (ARRAY_TYPES.has(type)) {
      if (section.size > 0) diagnostics.push(initArray(site));
    } else if (!CONTENT_TYPES.has(type) && inMemory) {
      diagnostics.push(
        unsupportedSection(site, `of type 0x${type.toString(16)}, which cannot be merged`),
      );
    } else {
      kept[index] = 1;
    }
  }
  // An empty section in which nothing is defined says nothing; clang emits an empty .text always.
  const { symbols } = elf;
  const defined = new Uint8Array(elf.sections.length);
  for (let i = 1; i < symbols.count; i++) {
    const type = symbols.type[i];
    const home = symbols.section[i]!;
    if (home > 0 && type !== STT_SECTION && type !== STT_FILE) defined[home] = 1;
  }
  for (const { index, size } of elf.sections) {
    if (size === 0 && defined[index] === 0) kept[index] = 0;
  }
  return kept;
}

/** A symbol that reaches outside its section would reach into another object's bytes once merged. */
function checkSymbols(elf: ElfFile, kept: Uint8Array): readonly Diagnostic[] {
  const { symbols, sections } = elf;
  const diagnostics: Diagnostic[] = [];
  for (let i = 1; i < symbols.count; i++) {
    const home = symbols.section[i]!;
    if (symbols.type[i] === STT_FILE) continue;
    // gABI: st_value of a common symbol is its alignment; 0 asks for none.
    if (home === SECTION_COMMON && !isPowerOfTwo(symbols.value[i]! || 1)) {
      const table = sections[elf.symbolTableIndex]!.name;
      const reason = `common symbol ${i} has an alignment of ${symbols.value[i]!}, not a power of two`;
      const site = { object: elf.name, section: table, offset: i * SYM_SIZE };
      diagnostics.push(malformedObject(site, reason));
    }
    if (home <= 0 || kept[home] !== 1) continue;
    const { name, size } = sections[home]!;
    const end = symbols.value[i]! + symbols.size[i]!;
    if (end <= size) continue;
    const symbol = symbolName(elf, i);
    diagnostics.push(
      malformedObject(
        { object: elf.name, section: name, offset: symbols.value[i]!, symbol },
        `symbol ${i} (${symbol}) ends at ${end}, outside its section of ${size} bytes`,
      ),
    );
  }
  return diagnostics;
}

function readRelocationTables(
  elf: ElfFile,
  kept: Uint8Array,
  diagnostics: Diagnostic[],
): ReadonlyMap<number, readonly RelocationTable[]> {
  const tables = new Map<number, RelocationTable[]>();
  for (const section of elf.sections) {
    if (section.type !== SHT_REL && section.type !== SHT_RELA) continue;
    if (kept[section.info] !== 1) continue;
    const table = parseRelocations(elf, section);
    if (!table.ok) {
      diagnostics.push(malformed(table.error));
      continue;
    }
    const known = tables.get(section.info);
    if (known) known.push(table.value);
    else tables.set(section.info, [table.value]);
  }
  const numbered = toLlvmNumbering(elf, tables);
  append(diagnostics, numbered.diagnostics);
  return numbered.tables;
}

export function readTypes(
  elf: ElfFile,
  diagnostics: Diagnostic[],
): { readonly btf: Btf | undefined; readonly btfExt: BtfExt | undefined } {
  const nothing = { btf: undefined, btfExt: undefined };
  const named = (name: string): Section | undefined =>
    elf.sections.find((section) => section.name === name && section.type === SHT_PROGBITS);
  const typeSection = named(BTF_SECTION);
  if (!typeSection) return nothing;
  const btf = parseBtf(openSection(elf, typeSection));
  if (!btf.ok) {
    diagnostics.push(malformedTypes(btf.error));
    return nothing;
  }
  const extSection = named(BTF_EXT_SECTION);
  if (!extSection) return { btf: btf.value, btfExt: undefined };
  const btfExt = parseBtfExt(openSection(elf, extSection), btf.value);
  if (!btfExt.ok) {
    diagnostics.push(malformedTypes(btfExt.error));
    return nothing;
  }
  return { btf: btf.value, btfExt: btfExt.value };
}

function malformedTypes(error: ReadError): Diagnostic {
  const { file, section, offset } = error.place;
  const site = { object: file, section: section ?? BTF_SECTION, offset };
  return error.hint === undefined
    ? malformedBtf(site, error.message)
    : unsupportedBtf(site, error.message, error.hint);
}

/** What a file that is no BPF object is, and what to do about it. */
export function describeKind(
  kind: Exclude<FileKind, { kind: 'bpf-object' }>,
): readonly [string, string] {
  const compile = 'compile with clang -target bpf -g -c';
  switch (kind.kind) {
    case 'empty':
      return ['an empty file', 'did the compiler fail? compile it again'];
    case 'truncated-elf':
      return ['a truncated ELF file', 'compile it again'];
    case 'elf32':
      return ['a 32-bit ELF file, not a BPF object', compile];
    case 'elf-machine':
      return [
        `an ELF file for ${MACHINES.get(kind.machine) ?? `machine ${kind.machine}`}, not BPF`,
        compile,
      ];
    case 'elf-type':
      if (kind.type === ET_DYN) return ['a shared object', 'only --shared links against one'];
      return [
        `an ELF file of type ${kind.type}, not a relocatable object`,
        'give the object file the compiler wrote (-c)',
      ];
    case 'bitcode':
      return [
        'LLVM bitcode, not an object',
        'compile without -emit-llvm and -flto, or run llc -march=bpf -filetype=obj on it',
      ];
    case 'archive':
      return [
        kind.thin ? 'a thin archive' : 'an archive',
        'archives are linked where they are inputs; give its members here',
      ];
    case 'mach-o':
      return ['a Mach-O file, not a BPF object', compile];
    case 'pe-coff':
      return ['a PE/COFF file, not a BPF object', compile];
    case 'text':
      return ['a text file, not an object', `${compile}, and give the object`];
    case 'unknown':
      return ['not an ELF file', compile];
  }
}

/** e_machine values a BPF developer's tree is likely to hold. */
const MACHINES: ReadonlyMap<number, string> = new Map([
  [3, 'i386'],
  [8, 'MIPS'],
  [20, 'PowerPC'],
  [21, 'PowerPC 64'],
  [22, 'S/390'],
  [40, 'ARM'],
  [62, 'x86-64'],
  [183, 'AArch64'],
  [243, 'RISC-V'],
  [258, 'LoongArch'],
]);
