import { Cursor, decodeUtf8 } from './cursor.js';
import { catchMalformed, type ReadResult } from './malformed.js';

/** One file in an archive. */
export interface ArchiveMember {
  /** As the archive says it, in a thin archive a path from the archive's folder. */
  readonly name: string;
  /** File offset of the member's header: what an index refers to. */
  readonly headerAt: number;
  /** File offset and size of the contents; those of a thin archive's members are in files of their own. */
  readonly offset: number;
  readonly size: number;
}

/** The symbol index of an archive, as columns. */
export interface ArchiveIndex {
  readonly count: number;
  /** Where each name stands in the archive's bytes: `[nameAt, nameEnd)`. */
  readonly nameAt: Uint32Array;
  readonly nameEnd: Uint32Array;
  /** Number of the member that defines the name. */
  readonly member: Uint32Array;
}

export interface Archive {
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly thin: boolean;
  /** In order of the file; neither index nor name table is among them. */
  readonly members: readonly ArchiveMember[];
  /** Absent when the archive has no index (`ar S`). */
  readonly index: ArchiveIndex | undefined;
}

/**
 * The header of a member (ar.h of the System V and BSD manuals): text, padded with spaces. Contents start
 * at even offsets.
 */
const HEADER_SIZE = 60;
const HEADER = {
  name: { offset: 0, width: 16 },
  size: { offset: 48, width: 10 },
  end: { offset: 58, width: 2 },
} as const;
const HEADER_END = '`\n';
const MAGIC_SIZE = 8;
const THIN_MAGIC = '!<thin>\n';

/** An index before its offsets are looked up. */
interface RawIndex {
  readonly nameAt: Uint32Array;
  readonly nameEnd: Uint32Array;
  readonly headerAt: Float64Array;
}

/**
 * Reads the members and the index of an archive, `!<arch>` or `!<thin>`: the GNU form (`/`, `/SYM64/`,
 * `//`, names that end in `/`) and the BSD form (`__.SYMDEF`, `#1/LENGTH`), which no magic tells apart.
 * Contents of members are not looked at.
 *
 * Time and memory are linear in the size of the archive, whatever counts and sizes it claims.
 */
export function readArchive(name: string, bytes: Uint8Array): ReadResult<Archive> {
  return catchMalformed(() => {
    // Numbers in the header are text, those of a GNU index big endian.
    const file = new Cursor(bytes, name, false);
    const thin = textAt(file, 0, MAGIC_SIZE) === THIN_MAGIC;
    const members: ArchiveMember[] = [];
    let index: RawIndex | undefined;
    let longNames: LongNames | undefined;
    for (let at = MAGIC_SIZE; at < bytes.length;) {
      const header = readHeader(file, at);
      const { field, size } = header;
      const offset = at + HEADER_SIZE;
      const isTable = field === '/' || field === '//' || field === '/SYM64/';
      // A thin archive holds its own tables and the headers of its members.
      const stored = thin && !isTable ? 0 : size;
      file.need(offset, stored, `member ${printableField(isTable ? field : withoutSlash(field))}`);
      if (field === '//') {
        longNames ??= new LongNames(file, offset, size);
      } else if (isTable) {
        // Windows libraries have a second table of this name, which says the same in another way.
        index ??= readGnuIndex(file, offset, size, field === '/' ? 4 : 8);
      } else {
        const member = readMember(file, at, header, stored, longNames);
        if (BSD_INDEX_NAMES.has(member.name)) {
          index ??= readBsdIndex(file, member, member.name.startsWith('__.SYMDEF_64') ? 8 : 4);
        } else {
          members.push(member);
        }
      }
      at = offset + stored + (stored & 1);
    }
    return { name, bytes, thin, members, index: index && findMembers(file, index, members) };
  });
}

interface Header {
  /** The name field without its padding. */
  readonly field: string;
  readonly size: number;
}

function readHeader(file: Cursor, at: number): Header {
  file.need(at, HEADER_SIZE, 'member header');
  const { name, size, end } = HEADER;
  if (textAt(file, at + end.offset, end.width) !== HEADER_END) {
    throw file.malformed('member header does not end as one does', at + end.offset);
  }
  const sizeText = textAt(file, at + size.offset, size.width).trimEnd();
  return {
    field: decodeUtf8(file.bytes, at + name.offset, at + name.offset + name.width).trimEnd(),
    size: decimal(file, sizeText, at + size.offset, 'size of a member'),
  };
}

function readMember(
  file: Cursor,
  headerAt: number,
  { field, size }: Header,
  stored: number,
  longNames: LongNames | undefined,
): ArchiveMember {
  const offset = headerAt + HEADER_SIZE;
  // BSD: the name stands before the contents and counts to their size.
  if (field.startsWith('#1/')) {
    const length = decimal(file, field.slice(3), headerAt, 'length of a name');
    if (length > stored) throw file.malformed('the name is longer than the member', headerAt);
    const nul = file.bytes.subarray(offset, offset + length).indexOf(0);
    const end = nul < 0 ? offset + length : offset + nul;
    const name = decodeUtf8(file.bytes, offset, end);
    return { name, headerAt, offset: offset + length, size: size - length };
  }
  // GNU: `/OFFSET` refers to the table of long names.
  if (field.startsWith('/')) {
    if (/^\/\d+:\d+$/.test(field)) {
      throw file.malformed('a member of another archive is named; archives do not nest', headerAt);
    }
    const at = decimal(file, field.slice(1), headerAt, 'offset of a long name');
    if (longNames === undefined) throw file.malformed('there is no table of long names', headerAt);
    const name = longNames.read(at, headerAt);
    return { name: withoutSlash(name), headerAt, offset, size };
  }
  return { name: withoutSlash(field), headerAt, offset, size };
}

/** The table of long names of the GNU form: each ends in a slash and a line feed. */
class LongNames {
  readonly #file: Cursor;
  readonly #start: number;
  readonly #end: number;
  /** Members may share a name, but not so that a small archive spells out gigabytes. */
  #budget: number;

  constructor(file: Cursor, offset: number, size: number) {
    this.#file = file;
    this.#start = offset;
    this.#end = offset + size;
    this.#budget = file.length * 8;
  }

  read(at: number, headerAt: number): string {
    const start = this.#start + at;
    if (start >= this.#end) {
      const size = this.#end - this.#start;
      throw this.#file.malformed(`long name at ${at} of ${size} bytes`, headerAt);
    }
    const feed = this.#file.bytes
      .subarray(start, Math.min(this.#end, start + LONGEST_NAME))
      .indexOf(0x0a);
    if (feed < 0) throw this.#file.malformed('the name of a member does not end', start);
    this.#budget -= feed;
    if (this.#budget < 0)
      throw this.#file.malformed('names of members overlap without measure', start);
    return decodeUtf8(this.#file.bytes, start, start + feed);
  }
}

/** Longest path of a member: PATH_MAX of Linux, where other systems have less. */
const LONGEST_NAME = 4096;

/** GNU ends a name in `/`, so that it may hold spaces. */
function withoutSlash(name: string): string {
  return name.endsWith('/') ? name.slice(0, -1) : name;
}

/** Count, then as many header offsets, then as many names, each with a NUL; numbers are big endian. */
function readGnuIndex(file: Cursor, offset: number, size: number, width: 4 | 8): RawIndex {
  const table = file.window(offset, size, 'symbol index');
  const number = (at: number): number => (width === 4 ? table.u32(at) : table.u64(at));
  const count = number(0);
  table.need(width, count * width, `${count} symbols`);
  const raw = emptyIndex(count);
  let at = width + count * width;
  for (let i = 0; i < count; i++) {
    const end = table.stringEnd(at);
    raw.headerAt[i] = number(width + i * width);
    raw.nameAt[i] = offset + at;
    raw.nameEnd[i] = offset + end;
    at = end + 1;
  }
  return raw;
}

const BSD_INDEX_NAMES: ReadonlySet<string> = new Set([
  '__.SYMDEF',
  '__.SYMDEF SORTED',
  '__.SYMDEF_64',
  '__.SYMDEF_64 SORTED',
]);

/**
 * Size of the ranlib records in bytes, the records (offset of the name, offset of the header), size of
 * the strings, the strings. Numbers have the byte order of the machine that wrote them: the one in which
 * the sizes fit.
 */
function readBsdIndex(file: Cursor, member: ArchiveMember, width: 4 | 8): RawIndex {
  const { offset, size } = member;
  const bytes = file.slice(offset, size, 'symbol index');
  const table = [true, false]
    .map((littleEndian) => new Cursor(bytes, file.file, littleEndian, 'symbol index'))
    .find((cursor) => {
      if (size < 2 * width) return false;
      const records = readNumber(cursor, 0, width);
      if (!(records % (2 * width) === 0 && records + 2 * width <= size)) return false;
      return readNumber(cursor, width + records, width) + records + 2 * width <= size;
    });
  if (!table) throw file.malformed('the sizes in the symbol index do not fit it', offset);
  const recordsSize = readNumber(table, 0, width);
  const count = recordsSize / (2 * width);
  const stringsAt = recordsSize + 2 * width;
  const raw = emptyIndex(count);
  // Names may share their tails, but not so that a small table spells out gigabytes.
  let nameBytes = size * 4 + count * 256;
  for (let i = 0; i < count; i++) {
    const at = stringsAt + readNumber(table, width + i * 2 * width, width);
    const end = table.stringEnd(at);
    nameBytes -= end - at;
    if (nameBytes < 0) throw table.malformed('names overlap without measure', at);
    raw.headerAt[i] = readNumber(table, width + i * 2 * width + width, width);
    raw.nameAt[i] = offset + at;
    raw.nameEnd[i] = offset + end;
  }
  return raw;
}

/** As {@link Cursor.u32} and u64, but a number beyond 2^53 is one that fits nowhere, not an error. */
function readNumber(cursor: Cursor, at: number, width: 4 | 8): number {
  return width === 4 ? cursor.u32(at) : Number(cursor.u64big(at));
}

function emptyIndex(count: number): RawIndex {
  return {
    nameAt: new Uint32Array(count),
    nameEnd: new Uint32Array(count),
    headerAt: new Float64Array(count),
  };
}

/** Header offsets become member numbers; one that is no member's is malformed. */
function findMembers(
  file: Cursor,
  { nameAt, nameEnd, headerAt }: RawIndex,
  members: readonly ArchiveMember[],
): ArchiveIndex {
  const byHeader = new Map(members.map((member, number) => [member.headerAt, number]));
  const count = headerAt.length;
  const member = new Uint32Array(count);
  for (let i = 0; i < count; i++) {
    const number = byHeader.get(headerAt[i]!);
    if (number === undefined) {
      throw file.malformed(`the index says that a member is at ${headerAt[i]!}`, nameAt[i]!);
    }
    member[i] = number;
  }
  return { count, nameAt, nameEnd, member };
}

function decimal(file: Cursor, text: string, at: number, what: string): number {
  if (!/^\d{1,10}$/.test(text)) {
    throw file.malformed(`${what} is '${printableField(text)}', not a number`, at);
  }
  return Number(text);
}

function printableField(text: string): string {
  return text.replaceAll(/[^\x20-\x7e]/g, '?');
}

function textAt(file: Cursor, offset: number, width: number): string {
  return String.fromCharCode(...file.slice(offset, width, 'member header'));
}
