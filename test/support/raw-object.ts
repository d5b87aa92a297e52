/**
 * A reader of well-formed BPF objects for tests, written from the specifications alone: it shares no
 * code with the packages under test, so that a mistake of theirs cannot hide in the comparison.
 * Malformed input may throw anything.
 */
import { type RawBtf, type RawExt, readRawBtf, readRawExt } from './raw-btf.js';

export interface RawSection {
  readonly index: number;
  readonly name: string;
  readonly type: number;
  readonly flags: number;
  readonly size: number;
  readonly link: number;
  readonly info: number;
  readonly alignment: number;
  readonly entrySize: number;
  /** Contents; zeroes for NOBITS. */
  readonly bytes: Uint8Array;
}

export interface RawSymbol {
  readonly index: number;
  readonly name: string;
  readonly binding: number;
  readonly type: number;
  readonly visibility: number;
  /** Section index with SHN_XINDEX resolved; SHN_ABS and SHN_COMMON stay 0xfff1 and 0xfff2. */
  readonly section: number;
  readonly value: number;
  readonly size: number;
}

export interface RawRelocation {
  /** Index of the section that is relocated. */
  readonly section: number;
  readonly offset: number;
  /** In LLVM's numbering. */
  readonly type: number;
  /** As the file has it. */
  readonly number: number;
  readonly symbol: RawSymbol;
  /** Bytes, counted from the symbol: explicit in RELA, else decoded from the field. */
  readonly addend: bigint;
}

export interface RawObject {
  readonly littleEndian: boolean;
  readonly sections: readonly RawSection[];
  readonly symbols: readonly RawSymbol[];
  readonly relocations: readonly RawRelocation[];
  readonly btf: RawBtf | undefined;
  readonly ext: RawExt | undefined;
}

export const SHT = { SYMTAB: 2, STRTAB: 3, RELA: 4, NOBITS: 8, REL: 9, SYMTAB_SHNDX: 18 } as const;
export const SHF = {
  WRITE: 1,
  ALLOC: 2,
  EXECINSTR: 4,
  MERGE: 16,
  STRINGS: 32,
  RETAIN: 0x20_0000,
} as const;
export const STB = { LOCAL: 0, GLOBAL: 1, WEAK: 2 } as const;
export const STT = { NOTYPE: 0, OBJECT: 1, FUNC: 2, SECTION: 3, FILE: 4 } as const;
export const R_BPF = {
  R64_64: 1,
  ABS64: 2,
  ABS32: 3,
  NODYLD32: 4,
  R64_32: 10,
  GNU_64_16: 256,
} as const;

/**
 * Who wrote the relocations of an object. `gnu-2.40` is GNU as up to binutils 2.40: it numbers types as its
 * include/elf/bpf.h does, and a field relocated against a name that the object defines holds the name's value, too
 * (bfd/elf64-bpf.c).
 */
export type Assembler = 'llvm' | 'gnu-2.40';

/** Numbers of binutils 2.40's include/elf/bpf.h -> LLVM's, and how far behind r_offset LLVM's field starts. */
const OLD_NUMBERS: Readonly<Record<number, readonly [number, number]>> = {
  1: [R_BPF.R64_64, 0],
  2: [R_BPF.ABS32, 4],
  4: [R_BPF.GNU_64_16, 0],
  10: [R_BPF.R64_32, 0],
  11: [R_BPF.ABS32, 0],
  12: [R_BPF.ABS64, 0],
};
/** Added to numbers that LLVM has no equivalent of, so that they mean nothing. */
const NO_EQUIVALENT = 1000;

/** Reads a BPF object; sections of .BTF and .BTF.ext included. Relocations come out in LLVM's numbering. */
export function readRawObject(file: Uint8Array, assembler: Assembler = 'llvm'): RawObject {
  // A copy that is no Buffer, whose slice() would share the bytes.
  const bytes = new Uint8Array(file);
  const littleEndian = bytes[5] === 1;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const u16 = (at: number) => view.getUint16(at, littleEndian);
  const u32 = (at: number) => view.getUint32(at, littleEndian);
  const u64 = (at: number) => Number(view.getBigUint64(at, littleEndian));
  const table = u64(40);
  const count = u16(60) || u64(table + 32);
  const namesIndex = u16(62) === 0xffff ? u32(table + 40) : u16(62);
  const text = (at: number) =>
    Buffer.from(bytes.subarray(at, bytes.indexOf(0, at))).toString('utf8');
  const namesAt = u64(table + namesIndex * 64 + 24);
  const sections: RawSection[] = Array.from({ length: count }, (_, index) => {
    const at = table + index * 64;
    const type = u32(at + 4);
    const size = index === 0 ? 0 : u64(at + 32);
    const offset = u64(at + 24);
    return {
      index,
      name: text(namesAt + u32(at)),
      type,
      flags: u64(at + 8),
      size,
      link: u32(at + 40),
      info: u32(at + 44),
      alignment: u64(at + 48),
      entrySize: u64(at + 56),
      bytes: type === SHT.NOBITS ? new Uint8Array(size) : bytes.slice(offset, offset + size),
    };
  });
  const offsetOf = (section: RawSection) => u64(table + section.index * 64 + 24);
  const symtab = sections.find((section) => section.type === SHT.SYMTAB);
  const extended = sections.find((section) => section.type === SHT.SYMTAB_SHNDX);
  const symbols: RawSymbol[] = [];
  if (symtab) {
    const start = offsetOf(symtab);
    const strings = offsetOf(sections[symtab.link]!);
    for (let index = 0; index < symtab.size / 24; index++) {
      const at = start + index * 24;
      const section = u16(at + 6);
      symbols.push({
        index,
        name: text(strings + u32(at)),
        binding: bytes[at + 4]! >> 4,
        type: bytes[at + 4]! & 15,
        visibility: bytes[at + 5]! & 3,
        section: section === 0xffff && extended ? u32(offsetOf(extended) + index * 4) : section,
        value: u64(at + 8),
        size: u64(at + 16),
      });
    }
  }
  const relocations: RawRelocation[] = [];
  for (const section of sections) {
    if (section.type !== SHT.REL && section.type !== SHT.RELA) continue;
    const size = section.type === SHT.RELA ? 24 : 16;
    const target = sections[section.info]!;
    for (let at = offsetOf(section); at < offsetOf(section) + section.size; at += size) {
      const info = view.getBigUint64(at + 8, littleEndian);
      const number = Number(info & 0xffff_ffffn);
      const [type, shift] =
        assembler === 'llvm' ? [number, 0] : (OLD_NUMBERS[number] ?? [NO_EQUIVALENT + number, 0]);
      const offset = u64(at) + shift;
      const symbol = symbols[Number(info >> 32n)]!;
      const held =
        assembler !== 'llvm' && symbol.section !== 0 && symbol.type !== STT.SECTION
          ? heldValue(type, symbol.value)
          : 0n;
      relocations.push({
        section: section.info,
        offset,
        type,
        number,
        symbol,
        addend:
          size === 24
            ? view.getBigInt64(at + 16, littleEndian)
            : implicitAddend(target.bytes, offset, type, littleEndian) - held,
      });
    }
  }
  const contents = (name: string) => sections.find((section) => section.name === name)?.bytes;
  const btfBytes = contents('.BTF');
  const extBytes = contents('.BTF.ext');
  const btf = btfBytes && readRawBtf(btfBytes, littleEndian);
  const ext = btf && extBytes && readRawExt(extBytes, btf, littleEndian);
  return { littleEndian, sections, symbols, relocations, btf, ext };
}

/** What a field of GNU as 2.40 holds of its symbol's value, in bytes: calls and jumps count it as instructions. */
function heldValue(type: number, value: number): bigint {
  return BigInt(type === R_BPF.R64_32 || type === R_BPF.GNU_64_16 ? value * 8 : value);
}

function implicitAddend(
  bytes: Uint8Array,
  offset: number,
  type: number,
  littleEndian: boolean,
): bigint {
  if (type >= NO_EQUIVALENT) return 0n;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  switch (type) {
    case R_BPF.R64_64:
      return BigInt(view.getInt32(offset + 4, littleEndian));
    case R_BPF.R64_32:
      // A call counts instructions from the next one on: -1 is the symbol itself.
      return BigInt((view.getInt32(offset + 4, littleEndian) + 1) * 8);
    case R_BPF.GNU_64_16:
      return BigInt((view.getInt16(offset + 2, littleEndian) + 1) * 8);
    case R_BPF.ABS64:
      return view.getBigInt64(offset, littleEndian);
    default:
      return BigInt(view.getInt32(offset, littleEndian));
  }
}

/** The bytes of a relocated field: what a comparison of contents must leave out. */
export function relocatedField(relocation: RawRelocation): readonly (readonly [number, number])[] {
  const { offset, type } = relocation;
  switch (type) {
    case R_BPF.R64_64:
      return [
        [offset + 4, 4],
        [offset + 12, 4],
      ];
    case R_BPF.R64_32:
      return [[offset + 4, 4]];
    case R_BPF.GNU_64_16:
      return [[offset + 2, 2]];
    case R_BPF.ABS64:
      return [[offset, 8]];
    default:
      return [[offset, 4]];
  }
}
