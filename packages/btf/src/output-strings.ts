import type { StringId, StringPool } from '@bpf-ld/elf-reader';

/** The string section of an output: each string once, in the order of first use. */
export class OutputStrings {
  readonly #pool: StringPool;
  /** StringId -> offset; 0 is not yet placed (the empty string is at 0 anyway). */
  #offsets: Uint32Array;
  readonly #order: StringId[] = [];
  #size = 1;

  constructor(pool: StringPool) {
    this.#pool = pool;
    this.#offsets = new Uint32Array(pool.size);
  }

  /** Bytes of the section so far. */
  get size(): number {
    return this.#size;
  }

  /** The offset of the string, placed now if it is new. */
  offset(id: StringId): number {
    if (id === 0) return 0;
    if (id >= this.#offsets.length) {
      const grown = new Uint32Array(this.#pool.size);
      grown.set(this.#offsets);
      this.#offsets = grown;
    }
    const known = this.#offsets[id]!;
    if (known !== 0) return known;
    const offset = this.#size;
    this.#offsets[id] = offset;
    this.#order.push(id);
    this.#size = offset + this.#pool.byteLength(id) + 1;
    return offset;
  }

  /** Writes all strings to `target` at byte `at`, each with its NUL; `target` must hold zeros there. */
  copyTo(target: Uint8Array, at: number): void {
    let offset = at + 1;
    for (const id of this.#order) offset = this.#pool.copyTo(id, target, offset) + 1;
  }
}
