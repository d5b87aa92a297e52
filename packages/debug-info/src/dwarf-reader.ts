import type { Cursor } from '@bpf-ld/elf-reader';

const TWO_32 = 0x1_0000_0000;

/** Reads DWARF's encodings one after the other; every read is checked by the cursor (DWARF 5 sections 7.4 to 7.6). */
export class DwarfReader {
  readonly cursor: Cursor;
  /** Bytes from the start of the section. */
  at: number;
  /** Where the unit being read ends; nothing beyond it belongs to it. */
  end: number;

  constructor(cursor: Cursor, at = 0, end: number = cursor.length) {
    this.cursor = cursor;
    this.at = at;
    this.end = end;
  }

  u8(): number {
    return this.cursor.u8(this.#take(1));
  }

  u16(): number {
    return this.cursor.u16(this.#take(2));
  }

  u32(): number {
    return this.cursor.u32(this.#take(4));
  }

  /** Eight bytes as a number: beyond 2^53 it is not exact, as addresses and lengths never are. */
  u64(): number {
    const at = this.#take(8);
    const first = this.cursor.u32(at);
    const second = this.cursor.u32(at + 4);
    return this.cursor.littleEndian ? second * TWO_32 + first : first * TWO_32 + second;
  }

  /** An unsigned number of 1, 2, 3, 4 or 8 bytes. */
  unsigned(width: number): number {
    switch (width) {
      case 1:
        return this.u8();
      case 2:
        return this.u16();
      case 3: {
        const [a, b, c] = [this.u8(), this.u8(), this.u8()];
        return this.cursor.littleEndian ? a | (b << 8) | (c << 16) : (a << 16) | (b << 8) | c;
      }
      case 4:
        return this.u32();
      default:
        return this.u64();
    }
  }

  /** ULEB128. Bits beyond 2^53 are lost. */
  uleb(): number {
    let value = 0;
    for (let scale = 1; ; scale *= 128) {
      const byte = this.u8();
      if (scale < 2 ** 56) value += (byte & 0x7f) * scale;
      if (byte < 0x80) return value;
    }
  }

  /** SLEB128. */
  sleb(): number {
    let value = 0;
    for (let scale = 1; ; scale *= 128) {
      const byte = this.u8();
      if (scale < 2 ** 56) value += (byte & 0x7f) * scale;
      if (byte < 0x80) return (byte & 0x40) === 0 ? value : value - scale * 128;
    }
  }

  skip(bytes: number): void {
    this.#take(bytes);
  }

  /** Passes over a string and its NUL. */
  skipString(): void {
    const end = this.cursor.stringEnd(this.at) + 1;
    this.#take(end - this.at);
  }

  /**
   * A unit's length (DWARF 5 section 7.4): where the unit ends, and the bytes of its offsets. Reading goes on to
   * that end and no further.
   */
  unitLength(): { readonly end: number; readonly offsetSize: 4 | 8 } {
    this.end = this.cursor.length;
    const start = this.at;
    let length = this.u32();
    let offsetSize: 4 | 8 = 4;
    if (length === 0xffff_ffff) {
      length = this.u64();
      offsetSize = 8;
    } else if (length >= 0xffff_fff0) {
      throw this.cursor.malformed(`reserved unit length 0x${length.toString(16)}`, start);
    }
    this.cursor.need(this.at, length, 'unit');
    this.end = this.at + length;
    return { end: this.end, offsetSize };
  }

  #take(bytes: number): number {
    const at = this.at;
    if (!(bytes >= 0 && at + bytes <= this.end)) {
      throw this.cursor.malformed(`${bytes} bytes run past the end of the unit`, at);
    }
    this.at = at + bytes;
    return at;
  }
}

/** Bytes that a ULEB128 takes at least. */
export function ulebSize(value: number): number {
  let size = 1;
  for (let rest = Math.floor(value / 128); rest > 0; rest = Math.floor(rest / 128)) size++;
  return size;
}

/** Writes a ULEB128 in exactly `width` bytes, padded with continuation bytes; false if it does not fit. */
export function putUleb(bytes: Uint8Array, at: number, width: number, value: number): boolean {
  if (ulebSize(value) > width) return false;
  let rest = value;
  for (let i = 0; i < width; i++) {
    const low = rest % 128;
    rest = Math.floor(rest / 128);
    bytes[at + i] = i === width - 1 ? low : low | 0x80;
  }
  return true;
}

/** Stores an unsigned number in `width` bytes. */
export function putUnsigned(
  bytes: Uint8Array,
  at: number,
  width: number,
  value: number,
  littleEndian: boolean,
): void {
  let rest = value;
  for (let i = 0; i < width; i++) {
    bytes[at + (littleEndian ? i : width - 1 - i)] = rest % 256;
    rest = Math.floor(rest / 256);
  }
}
