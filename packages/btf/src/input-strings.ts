import type { Cursor, StringId, StringPool } from '@bpf-ld/elf-reader';

const NONE: Uint32Array = new Uint32Array(0);

/**
 * Ids of the strings of BTF inputs by their offsets. An offset is hashed once as long as the same
 * input is asked for in a row, and strings that an input and the largest one end with, once for both.
 */
export class InputStrings {
  readonly #pool: StringPool;
  #input: Cursor | undefined;
  /** Offset -> id + 1 for the input, up to `#tailFrom`; 0 is not yet interned. */
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
    const own = input.length - tail;
    if (this.#memo === this.#keptMemo || this.#memo.length < own) {
      this.#memo = new Uint32Array(own + (own >> 2));
    } else this.#memo.fill(0, 0, own);
    if (this.#kept === undefined) {
      // Others share most of theirs with it.
      this.#pool.reserve(input.length);
      this.#pool.internSection(input.bytes, this.#memo);
    }
    return this;
  }

  /** Keeps what is known of the input's strings for others that end with the same. */
  keep(): void {
    const { length } = this.#input!;
    if (this.#tailFrom < length) {
      const memo = new Uint32Array(length);
      memo.set(this.#memo.subarray(0, this.#tailFrom));
      memo.set(
        this.#keptMemo.subarray(this.#tailFrom + this.#tailShift, length + this.#tailShift),
        this.#tailFrom,
      );
      this.#memo = memo;
    }
    this.#kept = this.#input;
    this.#keptMemo = this.#memo;
    this.#tailFrom = Infinity;
  }

  /** The id of the string at an offset that was checked to have one. */
  id(offset: number): StringId {
    if (offset === 0) return 0 as StringId;
    const known =
      offset < this.#tailFrom ? this.#memo[offset]! : this.#keptMemo[offset + this.#tailShift]!;
    return ((known === 0 ? this.#intern(offset) : known) - 1) as StringId;
  }

  /** Interns the string at `offset`; returns its id + 1, the form the memo holds. */
  #intern(offset: number): number {
    const { bytes } = this.#input!;
    let end = offset;
    while (bytes[end] !== 0) end++;
    const id = this.#pool.intern(bytes, offset, end) + 1;
    if (offset < this.#tailFrom) this.#memo[offset] = id;
    else this.#keptMemo[offset + this.#tailShift] = id;
    return id;
  }
}
