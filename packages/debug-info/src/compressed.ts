import {
  catchMalformed,
  Cursor,
  openSection,
  SHF_COMPRESSED,
  type ElfFile,
  type ReadResult,
  type Section,
} from '@bpf-ld/elf-reader';
import { unzlibSync, zlibSync } from 'fflate';
import { decompress as unzstd } from 'fzstd';

/** One debug section of an input, its contents as the compiler meant them. */
export interface DebugSection {
  /** Index of the section in its file. */
  readonly index: number;
  readonly name: string;
  /** SHF_ bits, without SHF_COMPRESSED. */
  readonly flags: number;
  readonly alignment: number;
  readonly entrySize: number;
  readonly bytes: Uint8Array;
}

/** Elf64_Chdr (gABI "Compression Header"): ch_type, a reserved word, ch_size, ch_addralign. */
const CHDR_SIZE = 24;
const ELFCOMPRESS_ZLIB = 1;
const ELFCOMPRESS_ZSTD = 2;
/** `.zdebug_`: "ZLIB", then the size as eight bytes of big endian. */
const ZDEBUG_HEADER_SIZE = 12;
const ZDEBUG_MAGIC = 0x5a4c_4942;

/**
 * How much larger than its compressed bytes a section may be. Deflate cannot exceed 1,032 times; zstd can, but not
 * for debug information that anybody wrote.
 */
const LARGEST_RATIO = 1100;

/** Opens a debug section, decompressing it if it is compressed (SHF_COMPRESSED or `.zdebug_`). */
export function openDebugSection(elf: ElfFile, section: Section): ReadResult<DebugSection> {
  const { index, name, flags, alignment, entrySize } = section;
  return catchMalformed(() => {
    const cursor = openSection(elf, section);
    if (name.startsWith('.zdebug_')) {
      const magic = new Cursor(cursor.bytes, elf.name, false, name);
      if (magic.u32(0) !== ZDEBUG_MAGIC) throw cursor.malformed('no ZLIB header', 0);
      const bytes = inflate(cursor, ELFCOMPRESS_ZLIB, magic.u64(4), ZDEBUG_HEADER_SIZE);
      return { index, name: `.${name.slice(2)}`, flags, alignment, entrySize, bytes };
    }
    if ((flags & SHF_COMPRESSED) === 0) {
      return { index, name, flags, alignment, entrySize, bytes: cursor.bytes };
    }
    const bytes = inflate(cursor, cursor.u32(0), cursor.u64(8), CHDR_SIZE);
    const own = cursor.u64(16) || 1;
    if (own > 4096 || (own & (own - 1)) !== 0) {
      throw cursor.malformed(`ch_addralign is ${own}, not a power of two up to 4096`, 16);
    }
    return { index, name, flags: flags & ~SHF_COMPRESSED, alignment: own, entrySize, bytes };
  });
}

function inflate(cursor: Cursor, type: number, size: number, header: number): Uint8Array {
  const packed = cursor.slice(header, cursor.length - header, 'compressed contents');
  if (type !== ELFCOMPRESS_ZLIB && type !== ELFCOMPRESS_ZSTD) {
    throw cursor.malformed(`compressed by unknown method ${type}`, 0);
  }
  if (size > packed.length * LARGEST_RATIO) {
    throw cursor.malformed(`${packed.length} compressed bytes cannot hold ${size}`, 8);
  }
  if (type === ELFCOMPRESS_ZSTD) {
    const own = zstdContentSize(packed);
    if (own !== undefined && own !== size) {
      throw cursor.malformed(`decompresses to ${own} bytes, not ${size}`, 8);
    }
  }
  // A byte more than is wanted: what fills it, too, is longer than its header says.
  const out = new Uint8Array(size + 1);
  let length = size;
  try {
    if (type === ELFCOMPRESS_ZSTD) unzstd(packed, out);
    else length = unzlibSync(packed, { out }).length;
  } catch (error) {
    throw cursor.malformed(`cannot be decompressed: ${(error as Error).message}`, header);
  }
  if (length !== size) throw cursor.malformed(`does not decompress to ${size} bytes`, 8);
  return out.subarray(0, size);
}

/** Frame_Content_Size of a zstd frame (RFC 8878 section 3.1.1.1), where it has one. */
function zstdContentSize(frame: Uint8Array): number | undefined {
  const descriptor = frame[4] ?? 0;
  const isSingleSegment = (descriptor & 0x20) !== 0;
  const width = [isSingleSegment ? 1 : 0, 2, 4, 8][descriptor >> 6]!;
  const at = 5 + (isSingleSegment ? 0 : 1) + [0, 1, 2, 4][descriptor & 3]!;
  if (width === 0 || at + width > frame.length) return undefined;
  let size = 0;
  for (let i = width - 1; i >= 0; i--) size = size * 256 + frame[at + i]!;
  return width === 2 ? size + 256 : size;
}

/**
 * The contents of a section with SHF_COMPRESSED: an Elf64_Chdr and zlib's bytes, the same everywhere.
 * @returns undefined where that is not shorter; the section is then better left as it is
 */
export function compressSection(
  bytes: Uint8Array,
  alignment: number,
  littleEndian: boolean,
): Uint8Array | undefined {
  const packed = zlibSync(bytes, { level: 6 });
  if (CHDR_SIZE + packed.length >= bytes.length) return undefined;
  const contents = new Uint8Array(CHDR_SIZE + packed.length);
  const view = new DataView(contents.buffer);
  view.setUint32(0, ELFCOMPRESS_ZLIB, littleEndian);
  view.setBigUint64(8, BigInt(bytes.length), littleEndian);
  view.setBigUint64(16, BigInt(alignment), littleEndian);
  contents.set(packed, CHDR_SIZE);
  return contents;
}
