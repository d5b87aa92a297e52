import { catchMalformed, type Cursor, type ReadResult } from '@bpf-ld/elf-reader';
import { readWords } from './host-words.js';
import { BTF_KIND_FUNC, kindOf } from './kinds.js';
import { type Btf, readHeaderLength } from './read-btf.js';
import { StringBounds } from './string-bounds.js';

/** The kinds of records .BTF.ext holds. */
export type ExtKind = 'funcInfo' | 'lineInfo' | 'coreRelo';

/** The layout of one kind of record; positions count words, -1 where the record has no such field. */
export interface ExtRecordLayout {
  readonly kind: ExtKind;
  readonly name: string;
  /** Words every version of the record has; word 0 is the byte offset in the ELF section. */
  readonly words: number;
  readonly typeWord: number;
  readonly stringWords: readonly number[];
}

/** One layout for each kind of record, in the order of the header's fields. */
export const EXT_RECORDS: Readonly<Record<ExtKind, ExtRecordLayout>> = {
  funcInfo: { kind: 'funcInfo', name: 'func_info', words: 2, typeWord: 1, stringWords: [] },
  lineInfo: { kind: 'lineInfo', name: 'line_info', words: 4, typeWord: -1, stringWords: [1, 2] },
  coreRelo: { kind: 'coreRelo', name: 'core_relo', words: 4, typeWord: 1, stringWords: [2] },
};

/** Bytes of the shortest header: func_info and line_info only. */
const SHORT_HEADER = 24;
/** Bytes of the header with core_relo. */
const FULL_HEADER = 32;

/** The records of one kind for one ELF section, strings and types still as in the input. */
export interface ExtSection {
  /** String offset of the ELF section's name. */
  readonly sectionName: number;
  /** Bytes of a record. */
  readonly recordSize: number;
  /** Number of records. */
  readonly count: number;
  /** The records in host order, `recordSize / 4` words each. */
  readonly words: Uint32Array;
}

/** A .BTF.ext section, checked against its .BTF. */
export interface BtfExt {
  readonly funcInfo: readonly ExtSection[];
  readonly lineInfo: readonly ExtSection[];
  readonly coreRelo: readonly ExtSection[];
}

/**
 * Reads a .BTF.ext section and checks it against `btf`: record sizes, counts, bounds, type ids and
 * string offsets. Malformed bytes are the error of the result, with the byte offset in the section.
 */
export function parseBtfExt(cursor: Cursor, btf: Btf): ReadResult<BtfExt> {
  return catchMalformed(() => {
    const headerLength = readHeaderLength(cursor, SHORT_HEADER, FULL_HEADER, 'BTF.ext');
    const strings = new StringBounds(btf.strings);
    const subsection = (layout: ExtRecordLayout, field: number): ExtSection[] =>
      readSubsection(cursor, headerLength, field, layout, btf, strings);
    return {
      funcInfo: subsection(EXT_RECORDS.funcInfo, 8),
      lineInfo: subsection(EXT_RECORDS.lineInfo, 16),
      coreRelo: headerLength < FULL_HEADER ? [] : subsection(EXT_RECORDS.coreRelo, 24),
    };
  });
}

function readSubsection(
  cursor: Cursor,
  headerLength: number,
  field: number,
  layout: ExtRecordLayout,
  btf: Btf,
  strings: StringBounds,
): ExtSection[] {
  const start = headerLength + cursor.u32(field);
  const size = cursor.u32(field + 4);
  if (size === 0) return [];
  if (start % 4 !== 0 || size % 4 !== 0) {
    throw cursor.malformed(`${layout.name} is not made of whole words`, field);
  }
  cursor.need(start, size, layout.name);
  const end = start + size;
  const recordSize = cursor.u32(start);
  if (recordSize < layout.words * 4 || recordSize % 4 !== 0) {
    throw cursor.malformed(
      `${layout.name} record size ${recordSize} is not a multiple of 4 from ${layout.words * 4} up`,
      start,
    );
  }
  const sections: ExtSection[] = [];
  for (let at = start + 4; at < end;) {
    if (at + 8 > end) throw cursor.malformed(`${layout.name} section header is cut off`, at);
    const sectionName = cursor.u32(at);
    const count = cursor.u32(at + 4);
    if (!strings.allows(sectionName)) {
      throw cursor.malformed(
        `${layout.name} has a section name ${strings.describe(sectionName)}`,
        at,
      );
    }
    if (count === 0) throw cursor.malformed(`${layout.name} section has no records`, at + 4);
    const bytes = count * recordSize;
    if (at + 8 + bytes > end) {
      throw cursor.malformed(`${layout.name}: ${count} records run past its end`, at + 4);
    }
    const words = readWords(cursor, at + 8, bytes, layout.name);
    checkRecords(cursor, at + 8, words, recordSize / 4, layout, btf, strings);
    sections.push({ sectionName, recordSize, count, words });
    at += 8 + bytes;
  }
  return sections;
}

function checkRecords(
  cursor: Cursor,
  base: number,
  words: Uint32Array,
  stride: number,
  layout: ExtRecordLayout,
  btf: Btf,
  strings: StringBounds,
): void {
  const { typeWord, stringWords } = layout;
  for (let at = 0; at < words.length; at += stride) {
    if (typeWord >= 0) {
      const type = words[at + typeWord]!;
      if (type >= btf.typeCount) {
        throw cursor.malformed(
          `${layout.name} refers to BTF type ${type}, there are ${btf.typeCount}`,
          base + (at + typeWord) * 4,
        );
      }
      if (
        layout.kind === 'funcInfo' &&
        (type === 0 || kindOf(btf.words[btf.typeAt[type]! + 1]!) !== BTF_KIND_FUNC)
      ) {
        throw cursor.malformed(
          `func_info refers to BTF type ${type}, not a FUNC`,
          base + (at + typeWord) * 4,
        );
      }
    }
    for (let k = 0; k < stringWords.length; k++) {
      const word = stringWords[k]!;
      if (!strings.allows(words[at + word]!)) {
        throw cursor.malformed(
          `${layout.name} has a string ${strings.describe(words[at + word]!)}`,
          base + (at + word) * 4,
        );
      }
    }
  }
}
