import type { Cursor, StringId, StringPool } from '@bpf-ld/elf-reader';

const NONE: Uint32Array = new Uint32Array(0);

/**
 * Ids of the strings of BTF inputs by their offsets. An offset is hashed once as long as the same
 * input is asked for in a row, and strings that an input and the largest one end with, once for both.
 */
export class InputStrings {
  readonly #pool: StringPool;
  #input: Cursor | undefined;
  /** Offset -> id + 1 for the input; 0 is not yet interned. */
  #memo: Uint32Array = NONE;
  #kept: Cursor | undefined;
  /** The same for the input that is kept. */
  #keptMemo: Uint32Array = NONE;
  /** Where the strings begin that the input ends with as the kept one does, and how far to the latter's. */
  #tailFrom = Infinity;
  #tailShift = 0;

  constructor(pool: StringPool) {
    this.#pool = pool;
  }

  /**
   * Makes an input the one that {@link id} answers for.
   *
   * @param input its string section, checked by `parseBtf`
   * @param tail the bytes at its end that the kept input ends with, too
   */
  of(input: Cursor, tail: number = 0): this {
    if (this.#input === input) return this;
    this.#input = input;
    this.#tailFrom = tail === 0 ? Infinity : input.length - tail;
    this.#tailShift = (this.#kept?.length ?? 0) - input.length;
    if (input === this.#kept) {
      this.#memo = this.#keptMemo;
      return this;
    }
    const { length } = input;
    // Others share most of theirs with it.
    if (this.#kept === undefined) this.#pool.reserve(length);
    if (this.#memo === this.#keptMemo || this.#memo.length < length) {
      this.#memo = new Uint32Array(length + (length >> 2));
    } else this.#memo.fill(0, 0, length);
    return this;
  }

  /** Keeps what is known of the input's strings for others that end with the same. */
  keep(): void {
    this.#kept = this.#input;
    this.#keptMemo = this.#memo;
    this.#tailFrom = Infinity;
  }

  /** The id of the string at an offset that was checked to have one. */
  id(offset: number): StringId {
    if (offset === 0) return 0 as StringId;
    return ((this.#memo[offset] || this.#intern(offset)) - 1) as StringId;
  }

  /** Interns the string at `offset`; returns its id + 1, the form the memo holds. */
  #intern(offset: number): number {
    const isShared = offset >= this.#tailFrom;
    const known = isShared ? this.#keptMemo[offset + this.#tailShift]! : 0;
    if (known !== 0) return (this.#memo[offset] = known);
    const { bytes } = this.#input!;
    let end = offset;
    while (bytes[end] !== 0) end++;
    const id = this.#pool.intern(bytes, offset, end) + 1;
    if (isShared) this.#keptMemo[offset + this.#tailShift] = id;
    return (this.#memo[offset] = id);
  }
}
