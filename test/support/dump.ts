/** An object as text that can be read, compared and reviewed: all of it but file offsets and padding. */
import { disassemble } from '@bpf-ld/bpf-isa';
import {
  type Btf,
  type BtfExt,
  type ExtSection,
  KINDS,
  parseBtf,
  parseBtfExt,
  printDeclaration,
  printType,
  TypePool,
} from '@bpf-ld/btf';
import {
  type ElfFile,
  openSection,
  parseDynamicRelocations,
  parseDynamicSymbols,
  parseElf,
  parseProgramHeaders,
  parseRelocations,
  type ReadResult,
  type Section,
  StringPool,
  symbolName,
} from '@bpf-ld/elf-reader';

const SECTION_TYPES: Readonly<Record<number, string>> = {
  0: 'NULL',
  1: 'PROGBITS',
  2: 'SYMTAB',
  3: 'STRTAB',
  4: 'RELA',
  5: 'HASH',
  6: 'DYNAMIC',
  7: 'NOTE',
  8: 'NOBITS',
  9: 'REL',
  11: 'DYNSYM',
  17: 'GROUP',
  18: 'SYMTAB_SHNDX',
  0x6ffffff6: 'GNU_HASH',
};
/** By bit, as readelf has them; R is SHF_GNU_RETAIN. */
const SHF_LETTERS = 'WAX-MSILOGTC---------R';
const SHF_EXECINSTR = 4;
const SHT_PROGBITS = 1;
const SHT_RELA = 4;
const SHT_NOBITS = 8;
const SHT_REL = 9;
const RELOCATION_TYPES: Readonly<Record<number, string>> = {
  1: 'R_BPF_64_64',
  2: 'R_BPF_64_ABS64',
  3: 'R_BPF_64_ABS32',
  4: 'R_BPF_64_NODYLD32',
  8: 'R_BPF_64_RELATIVE',
  10: 'R_BPF_64_32',
};
const BINDINGS = ['LOCAL', 'GLOBAL', 'WEAK'];
const SYMBOL_TYPES = ['NOTYPE', 'OBJECT', 'FUNC', 'SECTION', 'FILE'];
const VISIBILITIES = ['DEFAULT', 'INTERNAL', 'HIDDEN', 'PROTECTED'];

const SHF_ALLOC = 2;
const SHT_DYNAMIC = 6;
const ET_REL = 1;

/** The whole of a linked object, executable or shared object as text. */
export function dumpObject(name: string, bytes: Uint8Array): string {
  const elf = must(parseElf(name, bytes));
  return [
    ...dumpImage(elf),
    heading('sections', dumpSections(elf)),
    heading('symbols', dumpSymbols(elf)),
    heading('relocations', dumpRelocations(elf)),
    heading('disassembly', dumpCode(elf)),
    heading('contents', dumpContents(elf)),
    ...dumpBtf(elf),
  ].join('\n');
}

function must<T>(result: ReadResult<T>): T {
  if (result.ok) return result.value;
  const { message, place } = result.error;
  throw new Error(`${place.file}: ${place.section ?? 'header'}+${place.offset}: ${message}`);
}

function heading(title: string, lines: readonly string[]): string {
  return [`${title}:`, ...(lines.length > 0 ? lines : ['none']).map((l) => `  ${l}`), ''].join(
    '\n',
  );
}

function hex(value: number | bigint): string {
  return `0x${value.toString(16)}`;
}

const TYPES = ['NONE', 'REL', 'EXEC', 'DYN'];
const SEGMENTS: Readonly<Record<number, string>> = { 1: 'LOAD', 2: 'DYNAMIC' };

/** What only executables and shared objects have. */
function dumpImage(elf: ElfFile): string[] {
  if (elf.type === ET_REL) return [];
  const { offset, headers } = must(parseProgramHeaders(elf));
  const facts = [
    `type ${TYPES[elf.type]!}`,
    `entry ${hex(elf.entry)}`,
    `flags ${hex(elf.flags)}`,
    `program headers at ${hex(offset)}`,
  ];
  const segments = headers.map((header) => {
    const flags = [...'XWR'].filter((_, bit) => (header.flags >>> bit) & 1).join('');
    return [
      `${SEGMENTS[header.type] ?? hex(header.type)} ${flags}`,
      `offset ${hex(header.offset)} at ${hex(header.address)}`,
      `size ${hex(header.fileSize)} of ${hex(header.memorySize)} align ${header.alignment}`,
    ].join(' ');
  });
  return [heading('image', facts), heading('segments', segments), ...dumpDynamic(elf)];
}

const TAGS: Readonly<Record<number, string>> = {
  0: 'NULL',
  1: 'NEEDED',
  4: 'HASH',
  5: 'STRTAB',
  6: 'SYMTAB',
  10: 'STRSZ',
  11: 'SYMENT',
  14: 'SONAME',
  16: 'SYMBOLIC',
  17: 'REL',
  18: 'RELSZ',
  19: 'RELENT',
  22: 'TEXTREL',
  30: 'FLAGS',
  0x6ffffef5: 'GNU_HASH',
  0x6ffffffa: 'RELCOUNT',
};

function dumpDynamic(elf: ElfFile): string[] {
  const section = elf.sections.find(({ type }) => type === SHT_DYNAMIC);
  if (!section) return [];
  const cursor = openSection(elf, section);
  const strings = openSection(elf, elf.sections[section.link]!);
  const entries = Array.from({ length: section.size / 16 }, (_, i) => {
    const [tag, value] = [cursor.u64(i * 16), cursor.u64(i * 16 + 8)];
    const name = TAGS[tag] ?? hex(tag);
    const isText = name === 'NEEDED' || name === 'SONAME';
    return `${name} ${isText ? strings.cstring(value) : hex(value)}`;
  });
  const symbols = must(parseDynamicSymbols(elf))!;
  const name = (i: number) => symbols.names.cstring(symbols.nameAt[i]!);
  const rows = Array.from({ length: symbols.count - 1 }, (_, k) => k + 1).map((i) =>
    [
      String(i),
      hex(symbols.value[i]!),
      SYMBOL_TYPES[symbols.type[i]!] ?? String(symbols.type[i]),
      BINDINGS[symbols.binding[i]!] ?? String(symbols.binding[i]),
      sectionTitle(elf, symbols.section[i]!),
      name(i),
    ].join(' '),
  );
  const tables = elf.sections.filter(
    ({ type, flags }) => type === SHT_REL && (flags & SHF_ALLOC) !== 0,
  );
  const relocations = tables.flatMap((table) => {
    const { count, offset, type, symbol } = must(parseDynamicRelocations(elf, table));
    return Array.from({ length: count }, (_, i) => {
      const what = RELOCATION_TYPES[type[i]!] ?? String(type[i]);
      return `${hex(offset[i]!)} ${what}${symbol[i] === 0 ? '' : ` ${name(symbol[i]!)}`}`;
    });
  });
  return [
    heading('dynamic', entries),
    heading('dynamic symbols', rows),
    heading('dynamic relocations', relocations),
  ];
}

function dumpSections(elf: ElfFile): string[] {
  return elf.sections.slice(1).map((section) => {
    // What is in debug sections, test/debug-info looks at with tools that understand it.
    if (isDebug(section.name)) return `${section.index} ${section.name} size ${hex(section.size)}`;
    const flags = [...SHF_LETTERS].filter((_, bit) => (section.flags >>> bit) & 1).join('') || '-';
    const type = SECTION_TYPES[section.type] ?? hex(section.type);
    const rest = [`size ${hex(section.size)}`, `align ${section.alignment}`];
    if (section.entrySize > 0) rest.push(`entries of ${section.entrySize}`);
    if (section.link > 0) rest.push(`link ${section.link}`);
    if (section.info > 0) rest.push(`info ${section.info}`);
    if (elf.type !== ET_REL && (section.flags & SHF_ALLOC) !== 0) {
      rest.push(`at ${hex(section.address)}`);
    }
    return `${section.index} ${section.name} ${type} ${flags} ${rest.join(' ')}`;
  });
}

function isDebug(name: string): boolean {
  return /^(\.rel)?\.debug_/.test(name);
}

function sectionTitle(elf: ElfFile, index: number): string {
  if (index === 0) return 'UNDEF';
  if (index < 0) return index === -1 ? 'ABS' : 'COMMON';
  return elf.sections[index]!.name;
}

function symbolTitle(elf: ElfFile, index: number): string {
  const { type, section } = elf.symbols;
  return type[index] === 3 ? sectionTitle(elf, section[index]!) : symbolName(elf, index);
}

function dumpSymbols(elf: ElfFile): string[] {
  const { count, binding, type, visibility, section, value, size } = elf.symbols;
  return Array.from({ length: Math.max(count - 1, 0) }, (_, i) => i + 1).map((i) =>
    [
      String(i),
      hex(value[i]!),
      String(size[i]!),
      SYMBOL_TYPES[type[i]!] ?? String(type[i]),
      BINDINGS[binding[i]!] ?? String(binding[i]),
      VISIBILITIES[visibility[i]!]!,
      sectionTitle(elf, section[i]!),
      symbolTitle(elf, i),
    ].join(' '),
  );
}

/** Fields are shown as stored: the implicit addend is what the bytes hold. */
function dumpRelocations(elf: ElfFile): string[] {
  return elf.sections
    .filter((section) => section.type === SHT_REL || section.type === SHT_RELA)
    .filter((section) => !isDebug(section.name))
    .filter((section) => (section.flags & SHF_ALLOC) === 0)
    .flatMap((section) => {
      const table = must(parseRelocations(elf, section));
      const target = elf.sections[section.info]!;
      return Array.from({ length: table.count }, (_, i) => {
        const type = RELOCATION_TYPES[table.type[i]!] ?? String(table.type[i]);
        const offset = table.offset[i]! - target.address;
        const field = storedField(elf, target, offset, table.type[i]!);
        const symbol = symbolTitle(elf, table.symbol[i]!);
        return `${section.name} ${hex(table.offset[i]!)} ${type} ${symbol} field ${field}`;
      });
    });
}

function storedField(elf: ElfFile, section: Section, offset: number, type: number): string {
  const cursor = openSection(elf, section);
  switch (RELOCATION_TYPES[type]) {
    case 'R_BPF_64_64':
      return `${cursor.i32(offset + 4)} ${cursor.i32(offset + 12)}`;
    case 'R_BPF_64_32':
      return String(cursor.i32(offset + 4));
    case 'R_BPF_64_ABS64':
      return String(BigInt.asIntN(64, cursor.u64big(offset)));
    default:
      return String(cursor.i32(offset));
  }
}

function dumpCode(elf: ElfFile): string[] {
  return elf.sections.filter(isCode).flatMap((section) => {
    const labels = labelsOf(elf, section);
    const operands = operandsOf(elf, section);
    const options = {
      alu32: true,
      label: (at: number) => labels.get(at)?.[0],
      operand: (at: number) => operands.get(at),
    };
    const lines = [`${section.name}:`];
    const bytes = openSection(elf, section).bytes;
    for (const { offset, text } of disassemble(bytes, elf.littleEndian, options)) {
      for (const label of labels.get(offset) ?? []) lines.push(`  ${label}:`);
      lines.push(`    ${hex(offset)} ${text}`);
    }
    return lines;
  });
}

function isCode(section: Section): boolean {
  return (section.flags & SHF_EXECINSTR) !== 0 && section.type === SHT_PROGBITS;
}

function labelsOf(elf: ElfFile, section: Section): Map<number, string[]> {
  const labels = new Map<number, string[]>();
  const { count, type, section: of, value } = elf.symbols;
  for (let i = 1; i < count; i++) {
    if (of[i] !== section.index || type[i] === 3) continue;
    const at = value[i]! - section.address;
    labels.set(at, [...(labels.get(at) ?? []), symbolName(elf, i)]);
  }
  return labels;
}

function operandsOf(elf: ElfFile, section: Section): Map<number, string> {
  const operands = new Map<number, string>();
  for (const table of elf.sections) {
    if (table.type !== SHT_REL || table.info !== section.index) continue;
    const { count, offset, symbol } = must(parseRelocations(elf, table));
    for (let i = 0; i < count; i++) {
      operands.set(offset[i]! - section.address, symbolTitle(elf, symbol[i]!));
    }
  }
  return operands;
}

const INTERNAL =
  /^(\.dynamic|\.dynsym|\.dynstr|\.hash|\.gnu\.hash|\.BTF|\.BTF\.ext|\.symtab|\.strtab|\.shstrtab|\.symtab_shndx|\.rel.*|\.debug_.*)$/;

function dumpContents(elf: ElfFile): string[] {
  return elf.sections.slice(1).flatMap((section) => {
    if (isCode(section) || section.type === SHT_NOBITS || INTERNAL.test(section.name)) return [];
    const bytes = openSection(elf, section).bytes;
    const lines = [`${section.name}:`];
    for (let at = 0; at < bytes.length; at += 16) {
      const row = Buffer.from(bytes.subarray(at, at + 16));
      const text = row.toString('latin1').replaceAll(/[^ -~]/g, '.');
      lines.push(`  ${hex(at)} ${row.toString('hex').replaceAll(/(.{8})(?=.)/g, '$1 ')} ${text}`);
    }
    return lines;
  });
}

function dumpBtf(elf: ElfFile): string[] {
  const find = (name: string) => elf.sections.find((section) => section.name === name);
  const section = find('.BTF');
  if (!section) return [heading('types', [])];
  const btf = must(parseBtf(openSection(elf, section)));
  const pool = new TypePool(new StringPool());
  pool.add(btf);
  const types = Array.from({ length: btf.typeCount - 1 }, (_, i) => dumpType(pool, i + 1));
  const extSection = find('.BTF.ext');
  const ext = extSection && must(parseBtfExt(openSection(elf, extSection), btf));
  return [heading('types', types.flat()), heading('.BTF.ext', ext ? dumpExt(ext, btf, pool) : [])];
}

const KIND_DATASEC = 15;
const KIND_DECL_TAG = 17;

function dumpType(pool: TypePool, id: number): string[] {
  const kind = pool.kind(id);
  const flag = pool.kindFlag(id) ? ' flag' : '';
  const title = `[${id}] ${KINDS[kind]!.name}${flag}`;
  if (kind === KIND_DECL_TAG) {
    return [`${title} ${pool.name(id)} on [${pool.sizeOrType(id)}] index ${pool.word(id, 3) | 0}`];
  }
  if (kind !== KIND_DATASEC) {
    const [first, ...rest] = printDeclaration(pool, id).split('\n');
    return [`${title} ${first}`, ...rest.map((line) => `  ${line}`)];
  }
  const lines = [`${title} ${pool.name(id)} size ${hex(pool.sizeOrType(id))}`];
  for (let i = 0; i < pool.vlen(id); i++) {
    const [variable, offset, size] = [0, 1, 2].map((k) => pool.word(id, 3 + i * 3 + k));
    lines.push(`  ${hex(offset!)} size ${size} [${variable}] ${pool.name(variable!)}`);
  }
  return lines;
}

function dumpExt(ext: BtfExt, btf: Btf, pool: TypePool): string[] {
  const string = (offset: number) => btf.strings.cstring(offset);
  const each = (name: string, sections: readonly ExtSection[], say: (w: Uint32Array) => string) =>
    sections.flatMap((section) => {
      const stride = section.recordSize / 4;
      return Array.from({ length: section.count }, (_, i) => {
        const words = section.words.subarray(i * stride, (i + 1) * stride);
        return `${name} ${string(section.sectionName)}+${hex(words[0]!)} ${say(words)}`;
      });
    });
  return [
    ...each('func_info', ext.funcInfo, (w) => `[${w[1]}] ${printDeclaration(pool, w[1]!)}`),
    ...each(
      'line_info',
      ext.lineInfo,
      (w) => `${string(w[1]!)}:${w[3]! >>> 10}:${w[3]! & 1023} ${string(w[2]!).trim()}`,
    ),
    ...each(
      'core_relo',
      ext.coreRelo,
      (w) => `${string(w[2]!)} kind ${w[3]} of [${w[1]}] ${printType(pool, w[1]!)}`,
    ),
  ];
}
