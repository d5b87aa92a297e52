import type { Cursor } from '@bpf-ld/elf-reader';

/** Whether typed arrays of this machine hold the least significant byte first. */
const hostLittleEndian: boolean = new Uint8Array(Uint32Array.of(1).buffer)[0] === 1;

/**
 * The `size` bytes at `offset` (a multiple of 4 long) as 32-bit words in host order; they are the
 * input's own where it has this order and they are aligned in memory.
 */
export function readWords(cursor: Cursor, offset: number, size: number, what: string): Uint32Array {
  const bytes = cursor.slice(offset, size, what);
  const isHostOrder = cursor.littleEndian === hostLittleEndian;
  if (isHostOrder && bytes.byteOffset % 4 === 0) {
    return new Uint32Array(bytes.buffer, bytes.byteOffset, size / 4);
  }
  const words = new Uint32Array(size / 4);
  new Uint8Array(words.buffer).set(bytes);
  if (!isHostOrder) swapWords(words);
  return words;
}

/** Gives words in host order the given byte order, in place. */
export function toByteOrder(words: Uint32Array, littleEndian: boolean): void {
  if (littleEndian !== hostLittleEndian) swapWords(words);
}

function swapWords(words: Uint32Array): void {
  for (let i = 0; i < words.length; i++) {
    const word = words[i]!;
    words[i] = (word >>> 24) | ((word >>> 8) & 0xff00) | ((word << 8) & 0xff0000) | (word << 24);
  }
}
