import type { StringId } from '@bpf-ld/elf-reader';
import type { EncodedBtf } from './encode.js';
import { toByteOrder } from './host-words.js';
import { BTF_MAGIC, BTF_VERSION } from './kinds.js';
import { EXT_RECORDS, type ExtKind, type ExtSection } from './read-ext.js';
import { poolId, type TypeBase, type TypePool } from './type-pool.js';

const HEADER_SIZE = 32;

/** The records of one ELF section of the output: strings are StringIds, types pool ids. */
export interface PooledExtSection {
  readonly sectionName: StringId;
  /** Bytes of a record. */
  readonly recordSize: number;
  /** `recordSize / 4` words a record, in the order they are to have. */
  readonly words: Uint32Array;
}

export interface EncodeBtfExtInput {
  readonly funcInfo: readonly PooledExtSection[];
  readonly lineInfo: readonly PooledExtSection[];
  readonly coreRelo: readonly PooledExtSection[];
  /** The .BTF the records go with; gets their strings, so close it afterwards. */
  readonly btf: EncodedBtf;
}

/** The records of an input's section with strings as StringIds and types as pool ids; a new array. */
export function poolExtRecords(
  kind: ExtKind,
  section: ExtSection,
  pool: TypePool,
  base: TypeBase,
): Uint32Array {
  const { typeWord, stringWords } = EXT_RECORDS[kind];
  const words = section.words.slice();
  const stride = section.recordSize / 4;
  for (let at = 0; at < words.length; at += stride) {
    if (typeWord >= 0) words[at + typeWord] = poolId(base, words[at + typeWord]!);
    for (let k = 0; k < stringWords.length; k++) {
      const position = at + stringWords[k]!;
      words[position] = pool.internString(base, words[position]!);
    }
  }
  return words;
}

/**
 * Writes .BTF.ext: func_info, line_info, core_relo, the sections of each in the given order, empty
 * ones left out. All records of a kind get the size of the largest; what a shorter one lacks is zero.
 */
export function encodeBtfExt(input: EncodeBtfExtInput): Uint8Array {
  const parts = (['funcInfo', 'lineInfo', 'coreRelo'] as const).map((kind) =>
    encodeSubsection(kind, input[kind], input.btf),
  );
  const size = parts.reduce((sum, part) => sum + part.byteLength, 0);
  const bytes = new Uint8Array(HEADER_SIZE + size);
  const view = new DataView(bytes.buffer);
  const { littleEndian } = input.btf;
  view.setUint16(0, BTF_MAGIC, littleEndian);
  view.setUint8(2, BTF_VERSION);
  view.setUint32(4, HEADER_SIZE, littleEndian);
  let offset = 0;
  parts.forEach((part, i) => {
    view.setUint32(8 + 8 * i, offset, littleEndian);
    view.setUint32(12 + 8 * i, part.byteLength, littleEndian);
    const target = new Uint32Array(bytes.buffer, HEADER_SIZE + offset, part.length);
    target.set(part);
    toByteOrder(target, littleEndian);
    offset += part.byteLength;
  });
  return bytes;
}

function encodeSubsection(
  kind: ExtKind,
  sections: readonly PooledExtSection[],
  btf: EncodedBtf,
): Uint32Array {
  const layout = EXT_RECORDS[kind];
  const used = sections.filter((section) => section.words.length > 0);
  if (used.length === 0) return new Uint32Array(0);
  const recordSize = used.reduce((most, { recordSize }) => Math.max(most, recordSize), 0);
  const stride = recordSize / 4;
  let length = 1;
  for (const section of used)
    length += 2 + (section.words.length * 4 * stride) / section.recordSize;
  const out = new Uint32Array(length);
  out[0] = recordSize;
  let to = 1;
  for (const section of used) {
    const { words } = section;
    const ownStride = section.recordSize / 4;
    out[to++] = btf.stringOffset(section.sectionName);
    out[to++] = words.length / ownStride;
    for (let at = 0; at < words.length; at += ownStride, to += stride) {
      for (let k = 0; k < ownStride; k++) out[to + k] = words[at + k]!;
      if (layout.typeWord >= 0) {
        out[to + layout.typeWord] = btf.newId(words[at + layout.typeWord]!);
      }
      for (let k = 0; k < layout.stringWords.length; k++) {
        const word = layout.stringWords[k]!;
        out[to + word] = btf.stringOffset(words[at + word]! as StringId);
      }
    }
  }
  return out;
}
