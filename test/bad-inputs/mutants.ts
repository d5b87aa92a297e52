/** Bad objects made from good ones: every header field at its limits, truncations, flipped bytes. */
import { type RawObject, readRawObject, SHT } from '../support/raw-object.js';
import { seededRandom } from '../support/random.js';

export interface Mutant {
  /** What was changed, for a failure message. */
  readonly title: string;
  readonly bytes: Uint8Array;
}

/** A field of a record in the file: name, position in the record, width in bytes. */
type Field = readonly [name: string, offset: number, width: 1 | 2 | 4 | 8];

const ELF_HEADER: readonly Field[] = [
  ['EI_CLASS', 4, 1],
  ['EI_DATA', 5, 1],
  ['EI_VERSION', 6, 1],
  ['EI_OSABI', 7, 1],
  ['e_type', 16, 2],
  ['e_machine', 18, 2],
  ['e_version', 20, 4],
  ['e_entry', 24, 8],
  ['e_phoff', 32, 8],
  ['e_shoff', 40, 8],
  ['e_flags', 48, 4],
  ['e_ehsize', 52, 2],
  ['e_phentsize', 54, 2],
  ['e_phnum', 56, 2],
  ['e_shentsize', 58, 2],
  ['e_shnum', 60, 2],
  ['e_shstrndx', 62, 2],
];
const SECTION_HEADER: readonly Field[] = [
  ['sh_name', 0, 4],
  ['sh_type', 4, 4],
  ['sh_flags', 8, 8],
  ['sh_addr', 16, 8],
  ['sh_offset', 24, 8],
  ['sh_size', 32, 8],
  ['sh_link', 40, 4],
  ['sh_info', 44, 4],
  ['sh_addralign', 48, 8],
  ['sh_entsize', 56, 8],
];
const SYMBOL: readonly Field[] = [
  ['st_name', 0, 4],
  ['st_info', 4, 1],
  ['st_other', 5, 1],
  ['st_shndx', 6, 2],
  ['st_value', 8, 8],
  ['st_size', 16, 8],
];
const RELOCATION: readonly Field[] = [
  ['r_offset', 0, 8],
  ['r_info', 8, 8],
  ['r_addend', 16, 8],
];
const BTF_HEADER: readonly Field[] = [
  ['magic', 0, 2],
  ['version', 2, 1],
  ['flags', 3, 1],
  ['hdr_len', 4, 4],
  ['type_off', 8, 4],
  ['type_len', 12, 4],
  ['str_off', 16, 4],
  ['str_len', 20, 4],
];
const BTF_EXT_HEADER: readonly Field[] = [
  ['magic', 0, 2],
  ['version', 2, 1],
  ['flags', 3, 1],
  ['hdr_len', 4, 4],
  ['func_info_off', 8, 4],
  ['func_info_len', 12, 4],
  ['line_info_off', 16, 4],
  ['line_info_len', 20, 4],
  ['core_relo_off', 24, 4],
  ['core_relo_len', 28, 4],
];

/** All mutants of `object`, the same for the same `seed`, made one at a time. */
export function* mutantsOf(file: Uint8Array, seed: number): Generator<Mutant> {
  // A copy that is no Buffer, whose slice() would share the bytes.
  const object = new Uint8Array(file);
  const random = seededRandom(seed);
  for (const { title, at, width, littleEndian } of fieldsOf(object)) {
    for (const value of valuesFor(object, at, width, littleEndian, random)) {
      const bytes = object.slice();
      write(bytes, at, width, value, littleEndian);
      yield { title: `${title} = 0x${value.toString(16)}`, bytes };
    }
  }
  for (let end = 0; end < object.length; end += 64) {
    yield { title: `truncated to ${end} bytes`, bytes: object.slice(0, end) };
  }
  for (let i = 0; i < 400; i++) {
    const bytes = object.slice();
    const flips = 1 + (random() % 4);
    const places: string[] = [];
    for (let k = 0; k < flips; k++) {
      const at = random() % bytes.length;
      bytes[at] = bytes[at]! ^ (1 + (random() % 255));
      places.push(`0x${at.toString(16)}`);
    }
    yield { title: `flipped bytes at ${places.join(', ')}`, bytes };
  }
}

interface PlacedField {
  readonly title: string;
  readonly at: number;
  readonly width: 1 | 2 | 4 | 8;
  readonly littleEndian: boolean;
}

function* fieldsOf(object: Uint8Array): Generator<PlacedField> {
  const raw = readRawObject(object);
  const { littleEndian } = raw;
  const view = new DataView(object.buffer, object.byteOffset, object.byteLength);
  const u64 = (at: number) => Number(view.getBigUint64(at, littleEndian));
  const place = function* (title: string, at: number, fields: readonly Field[]) {
    for (const [name, offset, width] of fields) {
      yield { title: `${title} ${name}`, at: at + offset, width, littleEndian };
    }
  };
  yield* place('ELF header', 0, ELF_HEADER);
  const table = u64(40);
  for (const section of raw.sections) {
    const header = table + section.index * 64;
    yield* place(`section ${section.index} (${section.name})`, header, SECTION_HEADER);
    const start = u64(header + 24);
    if (section.type === SHT.SYMTAB) {
      for (let i = 0; i * 24 < section.size; i++) {
        yield* place(`symbol ${i}`, start + i * 24, SYMBOL);
      }
    } else if (section.type === SHT.REL || section.type === SHT.RELA) {
      const size = section.type === SHT.RELA ? 24 : 16;
      const records = Math.min(section.size / size, /debug|BTF/.test(section.name) ? 2 : 8);
      for (let i = 0; i < records; i++) {
        const fields = size === 24 ? RELOCATION : RELOCATION.slice(0, 2);
        yield* place(`${section.name} record ${i}`, start + i * size, fields);
      }
    } else if (section.name === '.group') {
      yield* place(section.name, start, words(section.size / 4));
    } else if (section.name === '.BTF' || section.name === '.BTF.ext') {
      yield* place(section.name, start, section.name === '.BTF' ? BTF_HEADER : BTF_EXT_HEADER);
      const length = dataWords(raw, section.name);
      const from = view.getUint32(start + 4, littleEndian);
      yield* place(`${section.name} data`, start + from, words(length));
    }
  }
}

/** Words of type or record data after the header: all of a small section, the first of a large one. */
function dataWords(raw: RawObject, name: string): number {
  const bytes = raw.sections.find((section) => section.name === name)!.bytes;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const header = view.getUint32(4, raw.littleEndian);
  const size = name === '.BTF' ? view.getUint32(12, raw.littleEndian) : bytes.length - header;
  return Math.min(size >> 2, 240);
}

function words(count: number): Field[] {
  return Array.from({ length: count }, (_, i) => [`word ${i}`, i * 4, 4] as const);
}

/** 0, 1, the limits, one more and one less, and two random values; not the value that stands there. */
function valuesFor(
  object: Uint8Array,
  at: number,
  width: 1 | 2 | 4 | 8,
  littleEndian: boolean,
  random: () => number,
): bigint[] {
  const bits = width * 8;
  const current = read(object, at, width, littleEndian);
  const wide = () => (BigInt(random()) << 32n) | BigInt(random());
  const candidates = [
    0n,
    1n,
    -1n,
    1n << BigInt(bits - 1),
    current + 1n,
    current - 1n,
    wide(),
    BigInt(random() % 4096),
  ];
  const values = candidates.map((value) => BigInt.asUintN(bits, value));
  return [...new Set(values)].filter((value) => value !== current);
}

function read(bytes: Uint8Array, at: number, width: number, littleEndian: boolean): bigint {
  let value = 0n;
  for (let i = 0; i < width; i++) {
    value = (value << 8n) | BigInt(bytes[littleEndian ? at + width - 1 - i : at + i] ?? 0);
  }
  return value;
}

function write(
  bytes: Uint8Array,
  at: number,
  width: number,
  value: bigint,
  littleEndian: boolean,
): void {
  for (let i = 0; i < width; i++) {
    const byte = Number((value >> BigInt(i * 8)) & 0xffn);
    const place = littleEndian ? at + i : at + width - 1 - i;
    if (place < bytes.length) bytes[place] = byte;
  }
}
