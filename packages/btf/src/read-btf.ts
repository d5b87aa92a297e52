import { catchMalformed, type Cursor, type ReadResult } from '@bpf-ld/elf-reader';
import { readWords } from './host-words.js';
import {
  BTF_KIND_ARRAY,
  BTF_KIND_DATASEC,
  BTF_KIND_DECL_TAG,
  BTF_KIND_FUNC,
  BTF_KIND_FUNC_PROTO,
  BTF_KIND_VAR,
  BTF_MAGIC,
  BTF_VERSION,
  COMMON_WORDS,
  ELEMENT_NAME,
  ELEMENT_WORDS,
  FIRST_REFERENCE,
  FIXED_WORDS,
  groupByKind,
  isModifier,
  KIND_COUNT,
  kindName,
  kindOf,
  REFERENCE_STRIDE,
  referenceCount,
  type TypesByKind,
  typeWords,
  vlenOf,
} from './kinds.js';
import { type KindLayout, NEWER_FORMAT, readLayout } from './read-layout.js';
import { StringBounds } from './string-bounds.js';

/** Bytes of the header that every version has. */
const HEADER_SIZE = 24;
/** Bytes of the header with the place of the layout section (Linux 7.1, include/uapi/linux/btf.h). */
const LAYOUT_HEADER_SIZE = 32;

/** The types of one input, checked and in host byte order, still with its own ids and strings. */
export interface Btf {
  /** Byte order of the input. */
  readonly littleEndian: boolean;
  /** Type ids run from 0 (void, not stored) to `typeCount - 1`. */
  readonly typeCount: number;
  /** The type section as 32-bit words in host order. */
  readonly words: Uint32Array;
  /** Word index of each type in `words`; `[0]` is 0 and unused. */
  readonly typeAt: Uint32Array;
  /** The ids by kind. */
  readonly byKind: TypesByKind;
  /** The string section: starts and ends with NUL. */
  readonly strings: Cursor;
}

/**
 * Reads a .BTF section and checks all of it, so that whoever walks the result needs no checks: every
 * type lies inside, every type id and string offset is in range, no chain of modifiers is endless.
 * Malformed bytes are the error of the result, with the byte offset in the section.
 */
export function parseBtf(cursor: Cursor): ReadResult<Btf> {
  return catchMalformed(() => readBtf(cursor));
}

/**
 * Checks magic, version and flags, shared by .BTF and .BTF.ext; returns hdr_len in bytes. A header
 * may be longer than the `known` bytes, but what is behind them must be zero: it could announce a
 * part that would be lost.
 */
export function readHeaderLength(
  cursor: Cursor,
  minimum: number,
  known: number,
  what: string,
): number {
  cursor.need(0, minimum, `${what} header`);
  const magic = cursor.u16(0);
  if (magic !== BTF_MAGIC) {
    throw cursor.malformed(
      magic === 0x9feb
        ? `${what} magic is in the other byte order than its ELF file`
        : `${what} magic is 0x${magic.toString(16)}, not 0xeb9f`,
      0,
    );
  }
  const version = cursor.u8(2);
  if (version !== BTF_VERSION) {
    throw cursor.malformed(`${what} version ${version} is not supported (only 1 is)`, 2);
  }
  const flags = cursor.u8(3);
  if (flags !== 0) {
    throw cursor.malformed(`${what} flags 0x${flags.toString(16)} are not supported`, 3);
  }
  const headerLength = cursor.u32(4);
  if (headerLength < minimum || headerLength % 4 !== 0 || headerLength > cursor.length) {
    throw cursor.malformed(`${what} header length ${headerLength} is not possible`, 4);
  }
  for (let at = known; at < headerLength; at += 4) {
    if (cursor.u32(at) === 0) continue;
    throw cursor.malformed(
      `${what} header says something at byte ${at}, beyond the ${known} bytes that are known`,
      at,
      NEWER_FORMAT,
    );
  }
  return headerLength;
}

function readBtf(cursor: Cursor): Btf {
  const headerLength = readHeaderLength(cursor, HEADER_SIZE, LAYOUT_HEADER_SIZE, 'BTF');
  const typesOffset = headerLength + cursor.u32(8);
  const typesSize = cursor.u32(12);
  const stringsOffset = headerLength + cursor.u32(16);
  const stringsSize = cursor.u32(20);
  if (typesOffset % 4 !== 0) {
    throw cursor.malformed(`BTF type section starts at ${typesOffset}, not a multiple of 4`, 8);
  }
  if (typesSize % 4 !== 0) {
    throw cursor.malformed(`BTF type section is ${typesSize} bytes long, not a multiple of 4`, 12);
  }
  cursor.need(typesOffset, typesSize, 'BTF type section');
  cursor.need(stringsOffset, stringsSize, 'BTF string section');
  if (typesOffset < stringsOffset + stringsSize && stringsOffset < typesOffset + typesSize) {
    throw cursor.malformed('BTF type section and string section overlap', 8);
  }
  if (stringsSize === 0 || cursor.u8(stringsOffset) !== 0) {
    throw cursor.malformed(
      'BTF string section does not start with the empty string',
      stringsOffset,
    );
  }
  if (cursor.u8(stringsOffset + stringsSize - 1) !== 0) {
    throw cursor.malformed('BTF string section does not end with NUL', stringsOffset);
  }
  const strings = cursor.window(stringsOffset, stringsSize, `${cursor.section ?? '.BTF'} strings`);
  const words = readWords(cursor, typesOffset, typesSize, 'BTF type section');
  const layout =
    headerLength < LAYOUT_HEADER_SIZE
      ? undefined
      : readLayout(cursor, headerLength, [
          { name: 'type', offset: typesOffset, size: typesSize },
          { name: 'string', offset: stringsOffset, size: stringsSize },
        ]);
  const typeAt = indexTypes(cursor, typesOffset, words, layout);
  checkReferences(cursor, typesOffset, words, typeAt, new StringBounds(strings));
  checkChains(cursor, typesOffset, words, typeAt);
  return {
    littleEndian: cursor.littleEndian,
    typeCount: typeAt.length,
    words,
    typeAt,
    byKind: groupByKind(words, typeAt),
    strings,
  };
}

/** Finds where each type starts; demands that the last ends with the section. */
function indexTypes(
  cursor: Cursor,
  base: number,
  words: Uint32Array,
  layout: KindLayout | undefined,
): Uint32Array {
  const typeAt = new Uint32Array(Math.floor(words.length / COMMON_WORDS) + 1);
  let count = 1;
  for (let at = 0; at < words.length;) {
    if (at + COMMON_WORDS > words.length) {
      throw cursor.malformed(`BTF type ${count} is cut off`, base + at * 4);
    }
    const info = words[at + 1]!;
    const kind = kindOf(info);
    if (kind === 0) throw cursor.malformed(`BTF type ${count} has no kind`, base + at * 4 + 4);
    if (kind >= KIND_COUNT) {
      // Even where a layout tells its size, what in it is a type id or a string is not known, and
      // both get other numbers in the output.
      const words = layout?.words(info);
      const size = words === undefined ? '' : ` (${words * 4} bytes, as the BTF layout says)`;
      throw cursor.malformed(
        `BTF type ${count} is of unknown kind ${kind}${size}`,
        base + at * 4 + 4,
        NEWER_FORMAT,
      );
    }
    const end = at + typeWords(info);
    if (end > words.length) {
      throw cursor.malformed(
        `BTF type ${count} (${kindName(kind)}, ${vlenOf(info)} elements) runs past the type section`,
        base + at * 4,
      );
    }
    typeAt[count++] = at;
    at = end;
  }
  return typeAt.slice(0, count);
}

/** Demands that every type id and string offset is in range, and fits the kind where that matters. */
function checkReferences(
  cursor: Cursor,
  base: number,
  words: Uint32Array,
  typeAt: Uint32Array,
  strings: StringBounds,
): void {
  const typeCount = typeAt.length;
  const badType = (id: number, position: number): Error =>
    cursor.malformed(
      `BTF type ${id} (${kindName(kindOf(words[typeAt[id]! + 1]!))}) refers to type ` +
        `${words[position]!}, there are ${typeCount}`,
      base + position * 4,
    );
  const badName = (id: number, position: number): Error =>
    cursor.malformed(
      `BTF type ${id} has a name ${strings.describe(words[position]!)}`,
      base + position * 4,
    );
  for (let id = 1; id < typeCount; id++) {
    const at = typeAt[id]!;
    const info = words[at + 1]!;
    const kind = kindOf(info);
    if (!strings.allows(words[at]!)) throw badName(id, at);
    const stride = REFERENCE_STRIDE[kind]!;
    let reference = at + FIRST_REFERENCE[kind]!;
    for (let left = referenceCount(info); left > 0; left--, reference += stride) {
      if (words[reference]! >= typeCount) throw badType(id, reference);
    }
    if (ELEMENT_NAME[kind]! >= 0) {
      let name = at + COMMON_WORDS + FIXED_WORDS[kind]! + ELEMENT_NAME[kind]!;
      for (let left = vlenOf(info); left > 0; left--, name += ELEMENT_WORDS[kind]!) {
        if (!strings.allows(words[name]!)) throw badName(id, name);
      }
    }
    if (kind === BTF_KIND_FUNC || kind === BTF_KIND_DATASEC || kind === BTF_KIND_DECL_TAG) {
      checkTargets(cursor, base, words, typeAt, id);
    }
  }
}

/** A FUNC has a FUNC_PROTO; the entries of a DATASEC are VARs and FUNCs; a DECL_TAG tags something. */
function checkTargets(
  cursor: Cursor,
  base: number,
  words: Uint32Array,
  typeAt: Uint32Array,
  id: number,
): void {
  const at = typeAt[id]!;
  const info = words[at + 1]!;
  if (kindOf(info) === BTF_KIND_DATASEC) {
    for (let i = 0; i < vlenOf(info); i++) {
      const position = at + COMMON_WORDS + 3 * i;
      const kind = kindAt(words, typeAt, words[position]!);
      if (kind !== BTF_KIND_VAR && kind !== BTF_KIND_FUNC) {
        throw cursor.malformed(
          `BTF type ${id} (DATASEC) lists type ${words[position]!}, neither VAR nor FUNC`,
          base + position * 4,
        );
      }
    }
    return;
  }
  const kind = kindAt(words, typeAt, words[at + 2]!);
  if (kindOf(info) === BTF_KIND_FUNC && kind !== BTF_KIND_FUNC_PROTO) {
    throw cursor.malformed(
      `BTF type ${id} (FUNC) has type ${words[at + 2]!}, not a FUNC_PROTO`,
      base + at * 4 + 8,
    );
  }
}

/** The kind of a type; void has kind 0. */
function kindAt(words: Uint32Array, typeAt: Uint32Array, id: number): number {
  return id === 0 ? 0 : kindOf(words[typeAt[id]! + 1]!);
}

/**
 * Demands that modifiers, typedefs and arrays lead to something else in the end: C cannot write an
 * endless chain, and whoever strips modifiers would not return from one.
 */
function checkChains(cursor: Cursor, base: number, words: Uint32Array, typeAt: Uint32Array): void {
  // Each id gets the number of the walk that first met it; meeting the own number is a loop.
  let walks: Uint32Array | undefined;
  for (let start = 1; start < typeAt.length; start++) {
    // A chain that only goes down in ids ends; only the others are walked.
    if (nextInChain(words, typeAt, start) < start) continue;
    walks ??= new Uint32Array(typeAt.length);
    for (let id = start; id !== 0 && walks[id] === 0;) {
      walks[id] = start;
      const next = nextInChain(words, typeAt, id);
      if (next !== 0 && walks[next] === start) {
        throw cursor.malformed(
          `BTF type ${next} (${kindName(kindOf(words[typeAt[next]! + 1]!))}) refers to itself through ` +
            'typedefs, modifiers and arrays alone',
          base + typeAt[next]! * 4,
        );
      }
      id = next;
    }
  }
}

/** The type a modifier, typedef or array stands on, or 0 where the chain ends. */
function nextInChain(words: Uint32Array, typeAt: Uint32Array, id: number): number {
  const at = typeAt[id]!;
  const kind = kindOf(words[at + 1]!);
  if (isModifier(kind)) return words[at + 2]!;
  return kind === BTF_KIND_ARRAY ? words[at + COMMON_WORDS]! : 0;
}
