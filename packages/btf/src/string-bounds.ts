import type { Cursor } from '@bpf-ld/elf-reader';

/** Bytes of overlapping strings allowed whatever the section's size. */
const MINIMUM_OVERLAP = 1 << 16;
/** Bytes of overlapping strings allowed for each byte of the section. */
const OVERLAP_FACTOR = 8;

/**
 * Checks offsets into a string section that ends with NUL. Strings may share their ends, as some
 * encoders let them, but not without measure: a section of one long string and references to each
 * byte of it would stand for the square of its size.
 */
export class StringBounds {
  readonly #bytes: Uint8Array;
  #overlap: number;

  constructor(strings: Cursor) {
    this.#bytes = strings.bytes;
    this.#overlap = Math.max(MINIMUM_OVERLAP, strings.length * OVERLAP_FACTOR);
  }

  /** Whether a string starts at `offset`. */
  allows(offset: number): boolean {
    if (offset === 0) return true;
    if (offset >= this.#bytes.length) return false;
    return this.#bytes[offset - 1] === 0 || this.#allowsOverlap(offset);
  }

  /** What is wrong with an offset that is not allowed. */
  describe(offset: number): string {
    return offset >= this.#bytes.length
      ? `at ${offset}, the string section has ${this.#bytes.length} bytes`
      : `at ${offset} within another one, as too many have`;
  }

  #allowsOverlap(offset: number): boolean {
    this.#overlap -= this.#bytes.indexOf(0, offset) - offset;
    return this.#overlap >= 0;
  }
}
