import type { StringId } from '@bpf-ld/elf-reader';
import { toByteOrder } from './host-words.js';
import {
  BTF_KIND_DATASEC,
  BTF_MAGIC,
  BTF_VERSION,
  COMMON_WORDS,
  ELEMENT_NAME,
  ELEMENT_WORDS,
  FIRST_REFERENCE,
  FIXED_WORDS,
  kindOf,
  REFERENCE_STRIDE,
  referenceCount,
  typeWords,
  vlenOf,
} from './kinds.js';
import { OutputStrings } from './output-strings.js';
import type { TypePool } from './type-pool.js';

const HEADER_SIZE = 24;

/** One variable or function of a DATASEC. */
export interface DatasecEntry {
  /** Pool id of the VAR or FUNC. */
  readonly type: number;
  /** Bytes from the start of the ELF section. */
  readonly offset: number;
  /** Size in bytes. */
  readonly size: number;
}

/** A DATASEC to write; its entries in the order they are to have. */
export interface Datasec {
  readonly name: StringId;
  /** Size of the ELF section in bytes. */
  readonly size: number;
  /** At most `BTF_MAX_VLEN`; for the caller to check. */
  readonly entries: readonly DatasecEntry[];
}

export interface EncodeBtfInput {
  readonly pool: TypePool;
  /** The answer of `dedup`. */
  readonly canonical: Uint32Array;
  /** The answer of `keptTypes`: of these, the canonical ids are written. */
  readonly live: Uint8Array;
  /** The DATASECs to write, after all other types, in this order. */
  readonly datasecs: readonly Datasec[];
  readonly littleEndian: boolean;
}

/** A .BTF being written: types are numbered, strings may still be added. */
export interface EncodedBtf {
  readonly littleEndian: boolean;
  /** Number of types written, void not counted. */
  readonly typeCount: number;
  /** The strings that .BTF.ext shares; {@link bytes} closes them. */
  readonly strings: OutputStrings;
  /** The id in the output of a pool type; 0 for void and for types that are not written. */
  newId(poolId: number): number;
  /** The id in the output of the n-th DATASEC. */
  datasecId(index: number): number;
  /** The offset in the output's strings, placed now if it is new. */
  stringOffset(id: StringId): number;
  /** The .BTF section. Call it last: strings placed later are not in it. */
  bytes(): Uint8Array;
}

/**
 * Writes the live canonical types in order of their pool ids, then the DATASECs. A member, parameter
 * or pointee that means a type that was merged away gets the id of the canonical one.
 */
export function encodeBtf(input: EncodeBtfInput): EncodedBtf {
  const { pool, canonical, live, datasecs, littleEndian } = input;
  const { words, typeAt, count } = pool;
  const ids = new Uint32Array(count);
  let typeCount = 0;
  let wordCount = 0;
  for (let id = 1; id < count; id++) {
    if (canonical[id] !== id || live[id] === 0) continue;
    const info = words[typeAt[id]! + 1]!;
    if (kindOf(info) === BTF_KIND_DATASEC) continue;
    ids[id] = ++typeCount;
    wordCount += typeWords(info);
  }
  const firstDatasec = typeCount + 1;
  for (const datasec of datasecs) {
    typeCount++;
    wordCount += COMMON_WORDS + ELEMENT_WORDS[BTF_KIND_DATASEC]! * datasec.entries.length;
  }
  const strings = new OutputStrings(pool.strings);
  // Room for all strings there are: what is not used costs address space, no memory.
  const room = new ArrayBuffer(HEADER_SIZE + wordCount * 4 + pool.strings.byteSize);
  const types = new Uint32Array(room, HEADER_SIZE, wordCount);
  let to = 0;
  for (let id = 1; id < count; id++) {
    if (ids[id] === 0) continue;
    // Types that stand one behind the other are copied at once.
    const start = typeAt[id]!;
    let end = start + typeWords(words[start + 1]!);
    let last = id;
    while (last + 1 < count && ids[last + 1] !== 0 && typeAt[last + 1] === end) {
      last++;
      end += typeWords(words[end + 1]!);
    }
    types.set(words.subarray(start, end), to);
    for (; id <= last; id++) renumber(types, to + typeAt[id]! - start, ids, canonical, strings);
    id = last;
    to += end - start;
  }
  for (const datasec of datasecs) {
    types[to++] = strings.offset(datasec.name);
    types[to++] = ((BTF_KIND_DATASEC << 24) | datasec.entries.length) >>> 0;
    types[to++] = datasec.size;
    for (const entry of datasec.entries) {
      types[to++] = ids[canonical[entry.type]!]!;
      types[to++] = entry.offset;
      types[to++] = entry.size;
    }
  }
  return {
    littleEndian,
    typeCount,
    strings,
    newId: (poolId) => ids[canonical[poolId]!]!,
    datasecId: (index) => firstDatasec + index,
    stringOffset: (id) => strings.offset(id),
    bytes: () => assemble(types, strings, littleEndian),
  };
}

/** Makes the names of a type's words string offsets, and its references new ids. */
function renumber(
  types: Uint32Array,
  at: number,
  ids: Uint32Array,
  canonical: Uint32Array,
  strings: OutputStrings,
): void {
  const info = types[at + 1]!;
  const kind = kindOf(info);
  types[at] = strings.offset(types[at]! as StringId);
  let stride = REFERENCE_STRIDE[kind]!;
  let position = at + FIRST_REFERENCE[kind]!;
  for (let left = referenceCount(info); left > 0; left--, position += stride) {
    types[position] = ids[canonical[types[position]!]!]!;
  }
  if (ELEMENT_NAME[kind]! < 0) return;
  stride = ELEMENT_WORDS[kind]!;
  position = at + COMMON_WORDS + FIXED_WORDS[kind]! + ELEMENT_NAME[kind]!;
  for (let left = vlenOf(info); left > 0; left--, position += stride) {
    types[position] = strings.offset(types[position]! as StringId);
  }
}

/** Writes header and strings around the types, which stand behind the place of the header. */
function assemble(
  types: Uint32Array<ArrayBuffer>,
  strings: OutputStrings,
  littleEndian: boolean,
): Uint8Array {
  const stringsAt = HEADER_SIZE + types.byteLength;
  const size = stringsAt + strings.size;
  let bytes = new Uint8Array(types.buffer);
  // Strings that came to the pool after the room was made.
  if (bytes.length < size) {
    bytes = new Uint8Array(size);
    bytes.set(new Uint8Array(types.buffer, 0, stringsAt));
  }
  const view = new DataView(bytes.buffer);
  view.setUint16(0, BTF_MAGIC, littleEndian);
  view.setUint8(2, BTF_VERSION);
  view.setUint32(4, HEADER_SIZE, littleEndian);
  view.setUint32(8, 0, littleEndian);
  view.setUint32(12, types.byteLength, littleEndian);
  view.setUint32(16, types.byteLength, littleEndian);
  view.setUint32(20, strings.size, littleEndian);
  toByteOrder(new Uint32Array(bytes.buffer, HEADER_SIZE, types.length), littleEndian);
  strings.copyTo(bytes, stringsAt);
  return bytes.subarray(0, size);
}
