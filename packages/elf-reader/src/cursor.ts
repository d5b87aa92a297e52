import { MalformedInput } from './malformed.js';

/**
 * A bounds-checked window on the bytes of one file or section.
 *
 * Every read of input bytes goes through here. Positions are bytes from the start of the window; a
 * read that does not fit throws {@link MalformedInput} with file, section and offset.
 *
 * 64-bit numbers: offsets, sizes and addresses must be safe integers ({@link Cursor.u64}); values
 * that are data, such as 64-bit immediates, are kept as bigint ({@link Cursor.u64big}). Both rules
 * stand here and nowhere else.
 */
export class Cursor {
  readonly bytes: Uint8Array;
  readonly file: string;
  readonly section: string | undefined;
  readonly littleEndian: boolean;
  readonly #view: DataView;

  constructor(bytes: Uint8Array, file: string, littleEndian: boolean, section?: string) {
    this.bytes = bytes;
    this.file = file;
    this.section = section;
    this.littleEndian = littleEndian;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get length(): number {
    return this.bytes.length;
  }

  /** A {@link MalformedInput} at `offset` of this window, to be thrown by the caller. */
  malformed(message: string, offset: number, hint?: string): MalformedInput {
    return new MalformedInput(message, { file: this.file, section: this.section, offset }, hint);
  }

  /** Demands that `size` bytes at `offset` lie inside the window. */
  need(offset: number, size: number, what: string): void {
    if (!(offset >= 0 && size >= 0 && offset + size <= this.bytes.length)) {
      throw this.malformed(
        `${what}: ${size} bytes at offset ${offset} run past the end (${this.bytes.length} bytes)`,
        offset,
      );
    }
  }

  u8(offset: number): number {
    this.need(offset, 1, 'byte');
    return this.#view.getUint8(offset);
  }

  u16(offset: number): number {
    this.need(offset, 2, 'half word');
    return this.#view.getUint16(offset, this.littleEndian);
  }

  u32(offset: number): number {
    this.need(offset, 4, 'word');
    return this.#view.getUint32(offset, this.littleEndian);
  }

  i32(offset: number): number {
    this.need(offset, 4, 'word');
    return this.#view.getInt32(offset, this.littleEndian);
  }

  /** An unsigned 64-bit offset, size or address; beyond 2^53 - 1 it cannot be meant and is malformed. */
  u64(offset: number): number {
    this.need(offset, 8, 'double word');
    const first = this.#view.getUint32(offset, this.littleEndian);
    const second = this.#view.getUint32(offset + 4, this.littleEndian);
    const high = this.littleEndian ? second : first;
    const low = this.littleEndian ? first : second;
    if (high > 0x1f_ffff) {
      throw this.malformed(
        `64-bit value 0x${this.#view.getBigUint64(offset, this.littleEndian).toString(16)} is out of range`,
        offset,
      );
    }
    return high * 0x1_0000_0000 + low;
  }

  /** An unsigned 64-bit value that is data, not a size. */
  u64big(offset: number): bigint {
    this.need(offset, 8, 'double word');
    return this.#view.getBigUint64(offset, this.littleEndian);
  }

  /** The bytes `[offset, offset + size)`, shared, not copied. */
  slice(offset: number, size: number, what: string): Uint8Array {
    this.need(offset, size, what);
    return this.bytes.subarray(offset, offset + size);
  }

  /** A cursor on `[offset, offset + size)` that reports positions within `section`. */
  window(offset: number, size: number, section: string): Cursor {
    return new Cursor(
      this.slice(offset, size, `section ${section}`),
      this.file,
      this.littleEndian,
      section,
    );
  }

  /** The end (position of the NUL) of the string that starts at `offset`. */
  stringEnd(offset: number): number {
    this.need(offset, 1, 'string');
    const end = this.bytes.indexOf(0, offset);
    if (end < 0) throw this.malformed('string has no terminating NUL', offset);
    return end;
  }

  /** The NUL-terminated string at `offset`. */
  cstring(offset: number): string {
    return decodeUtf8(this.bytes, offset, this.stringEnd(offset));
  }
}

declare const TextDecoder: new () => { decode(bytes: Uint8Array): string };
let decoder: { decode(bytes: Uint8Array): string } | undefined;

/** Decodes `[start, end)`; names are nearly always short and ASCII, which needs no decoder. */
export function decodeUtf8(bytes: Uint8Array, start: number, end: number): string {
  let text = '';
  for (let i = start; i < end; i++) {
    const byte = bytes[i]!;
    if (byte >= 0x80) return (decoder ??= new TextDecoder()).decode(bytes.subarray(start, end));
    text += String.fromCharCode(byte);
  }
  return text;
}

declare const TextEncoder: new () => { encode(text: string): Uint8Array };
let encoder: { encode(text: string): Uint8Array } | undefined;

/** The UTF-8 bytes of `text`, without a NUL. */
export function encodeUtf8(text: string): Uint8Array {
  return (encoder ??= new TextEncoder()).encode(text);
}
