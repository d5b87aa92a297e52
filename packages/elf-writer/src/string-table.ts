import type { StringId, StringPool } from '@bpf-ld/elf-reader';
import type { Output } from './output.js';

/** A SHT_STRTAB being filled: each string once, in order of first use, the empty one at 0. */
export class StringTable {
  readonly #strings: StringPool;
  /** Offset + 1 by StringId, 0 where not added; grows with the pool. */
  #offsets: Uint32Array;
  readonly #order: StringId[] = [];
  #size = 1;

  constructor(strings: StringPool) {
    this.#strings = strings;
    this.#offsets = new Uint32Array(strings.size + 16);
  }

  /** Bytes of the table so far. */
  get size(): number {
    return this.#size;
  }

  /** The offset of the string in the table. */
  add(id: StringId): number {
    if (id === 0) return 0;
    if (id >= this.#offsets.length) {
      const grown = new Uint32Array(Math.max(this.#offsets.length * 2, id + 1));
      grown.set(this.#offsets);
      this.#offsets = grown;
    }
    const known = this.#offsets[id]!;
    if (known !== 0) return known - 1;
    const offset = this.#size;
    this.#offsets[id] = offset + 1;
    this.#order.push(id);
    this.#size += this.#strings.byteLength(id) + 1;
    return offset;
  }

  write(output: Output): void {
    let at = output.position + 1;
    for (const id of this.#order) at = this.#strings.copyTo(id, output.image, at) + 1;
  }
}
