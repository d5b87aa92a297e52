import { decodeUtf8, encodeUtf8 } from './cursor.js';

/** Id of an interned string: 0 is the empty string, others count up in order of first appearance. */
export type StringId = number & { readonly __brand: 'StringId' };

/** FNV-1a of 32 bits. */
const FNV_OFFSET = 0x811c9dc5 | 0;
const FNV_PRIME = 0x01000193;

/** Bytes of a name on average, as kernels and programs have them. */
const USUAL_LENGTH = 14;

/**
 * Strings of all inputs, each kept once as bytes and known by a small integer.
 *
 * Names are compared, hashed and copied as bytes; a JavaScript string is made only when somebody
 * asks for one ({@link StringPool.text}). Equal bytes always get the same id, so that a lookup by
 * name anywhere in the linker is an integer comparison or an array index.
 *
 * Cost: one hash over the bytes at {@link StringPool.intern}; memory is the distinct bytes plus
 * 12 bytes a string and the hash slots.
 */
export class StringPool {
  #bytes: Uint8Array = new Uint8Array(1 << 16);
  #used = 0;
  /** Start of each string in `#bytes`; the end is the start of the next. */
  #starts: Uint32Array = new Uint32Array(1 << 11);
  #hashes: Int32Array = new Int32Array(1 << 11);
  /** Open addressing: slot -> id + 1, 0 is free; at most half full. */
  #slots: Uint32Array = new Uint32Array(1 << 12);
  #count = 0;
  readonly #texts: (string | undefined)[] = [];

  constructor() {
    this.intern(this.#bytes, 0, 0);
  }

  /** Number of distinct strings; ids run from 0 to `size - 1`. */
  get size(): number {
    return this.#count;
  }

  /** Bytes that all strings take with a NUL each. */
  get byteSize(): number {
    return this.#used + this.#count;
  }

  /** Makes room for further strings with so many bytes in all, names of the usual length. */
  reserve(bytes: number): void {
    const strings = this.#count + Math.floor(bytes / USUAL_LENGTH);
    if (this.#used + bytes > this.#bytes.length) this.#growBytes(this.#used + bytes);
    if (strings + 1 > this.#starts.length) this.#growColumns(strings + 1);
    if (strings * 2 > this.#slots.length) this.#rehash(strings * 2);
  }

  /** The id of the bytes `[start, end)` of `source`, interned now if new. */
  intern(source: Uint8Array, start: number, end: number): StringId {
    let hash = FNV_OFFSET;
    for (let i = start; i < end; i++) hash = Math.imul(hash ^ source[i]!, FNV_PRIME);
    return this.#find(hash, source, start, end);
  }

  /**
   * Interns all strings of a section, each ended by NUL: `ids[offset]` becomes the id + 1 of the one that starts at
   * `offset`, empty ones left out.
   */
  internSection(section: Uint8Array, ids: Uint32Array): void {
    for (let start = 0; start < section.length; start++) {
      let hash = FNV_OFFSET;
      let end = start;
      for (let byte; (byte = section[end]!) !== 0 && end < section.length; end++) {
        hash = Math.imul(hash ^ byte, FNV_PRIME);
      }
      if (end > start) ids[start] = this.#find(hash, section, start, end) + 1;
      start = end;
    }
  }

  /** The id of the bytes with this FNV-1a hash. */
  #find(fnv: number, source: Uint8Array, start: number, end: number): StringId {
    // A final mix: short identifiers that differ in the last byte must spread.
    let hash = Math.imul(fnv ^ (fnv >>> 15), 0x85ebca6b);
    hash ^= hash >>> 13;
    const mask = this.#slots.length - 1;
    let slot = hash & mask;
    const length = end - start;
    for (;;) {
      const entry = this.#slots[slot]!;
      if (entry === 0) break;
      const id = entry - 1;
      if (this.#hashes[id] === hash && this.#equals(id, source, start, length)) {
        return id as StringId;
      }
      slot = (slot + 1) & mask;
    }
    return this.#append(source, start, end, hash, slot);
  }

  /** The id of `text`. */
  internText(text: string): StringId {
    const bytes = encodeUtf8(text);
    return this.intern(bytes, 0, bytes.length);
  }

  /** The string itself; made once and kept. Columns of typed arrays hold ids as plain numbers. */
  text(id: number): string {
    return (this.#texts[id] ??= decodeUtf8(this.#bytes, this.#starts[id]!, this.#starts[id + 1]!));
  }

  /** Length in bytes, without a NUL. */
  byteLength(id: number): number {
    return this.#starts[id + 1]! - this.#starts[id]!;
  }

  /** Copies the bytes of `id` to `target` at `offset`; returns the offset after them. */
  copyTo(id: StringId, target: Uint8Array, offset: number): number {
    const start = this.#starts[id]!;
    const end = this.#starts[id + 1]!;
    // Most strings are a few bytes long, where a loop beats set() on a new subarray.
    if (end - start < 32) {
      for (let i = start; i < end; i++) target[offset++] = this.#bytes[i]!;
      return offset;
    }
    target.set(this.#bytes.subarray(start, end), offset);
    return offset + (end - start);
  }

  #equals(id: number, source: Uint8Array, start: number, length: number): boolean {
    const own = this.#starts[id]!;
    if (this.#starts[id + 1]! - own !== length) return false;
    const bytes = this.#bytes;
    for (let i = 0; i < length; i++) if (bytes[own + i] !== source[start + i]) return false;
    return true;
  }

  #append(source: Uint8Array, start: number, end: number, hash: number, slot: number): StringId {
    const id = this.#count++;
    const length = end - start;
    if (this.#used + length > this.#bytes.length) {
      this.#growBytes(Math.max(this.#bytes.length * 2, this.#used + length));
    }
    if (id + 2 > this.#starts.length) this.#growColumns(this.#starts.length * 2);
    const bytes = this.#bytes;
    let at = this.#used;
    for (let i = start; i < end; i++) bytes[at++] = source[i]!;
    this.#starts[id] = this.#used;
    this.#used = at;
    this.#starts[id + 1] = at;
    this.#hashes[id] = hash;
    this.#slots[slot] = id + 1;
    if (this.#count * 2 > this.#slots.length) this.#rehash(this.#slots.length * 2);
    return id as StringId;
  }

  #growBytes(length: number): void {
    const grown = new Uint8Array(length);
    grown.set(this.#bytes.subarray(0, this.#used));
    this.#bytes = grown;
  }

  #growColumns(length: number): void {
    const starts = new Uint32Array(length);
    starts.set(this.#starts);
    this.#starts = starts;
    const hashes = new Int32Array(length);
    hashes.set(this.#hashes);
    this.#hashes = hashes;
  }

  /** Makes slots, a power of two of at least `least`. */
  #rehash(least: number): void {
    let size = this.#slots.length;
    while (size < least) size *= 2;
    const slots = new Uint32Array(size);
    const mask = size - 1;
    for (let id = 0; id < this.#count; id++) {
      let slot = this.#hashes[id]! & mask;
      while (slots[slot] !== 0) slot = (slot + 1) & mask;
      slots[slot] = id + 1;
    }
    this.#slots = slots;
  }
}
