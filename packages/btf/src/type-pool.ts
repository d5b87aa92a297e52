import type { StringId, StringPool } from '@bpf-ld/elf-reader';
import {
  BTF_KIND_FUNC,
  BTF_KIND_VAR,
  COMMON_WORDS,
  ELEMENT_NAME,
  ELEMENT_TYPE,
  ELEMENT_WORDS,
  FIXED_TYPES,
  kindFlagOf,
  kindOf,
  THIRD_IS_TYPE,
  vlenOf,
} from './kinds.js';
import type { Btf } from './read-btf.js';

/** Where the types of one added {@link Btf} went. */
export interface TypeBase {
  /** Which of the added inputs, from 0. */
  readonly index: number;
  /** Pool id of the input's type 1. */
  readonly base: number;
  /** Ids of the input, void included. */
  readonly typeCount: number;
}

/** The pool id of an input's own type id; void stays 0. */
export function poolId(base: TypeBase, localId: number): number {
  return localId === 0 ? 0 : base.base + localId - 1;
}

/**
 * The types of all inputs in one array of words: names are {@link StringId}s, type ids are pool ids
 * (0 is void). Nothing is merged here; see `dedup`.
 *
 * Memory: the words plus 4 bytes a type. No object and no string per type.
 */
export class TypePool {
  readonly strings: StringPool;
  #words: Uint32Array = new Uint32Array(1 << 14);
  #used = 0;
  #typeAt: Uint32Array = new Uint32Array(1 << 12);
  #count = 1;
  readonly #inputs: Btf[] = [];
  /** Offset -> StringId + 1 for the input `#memoInput`; 0 is not yet interned. */
  #memo: Uint32Array = new Uint32Array(0);
  #memoInput = -1;
  readonly #redirects = new Map<number, number>();

  constructor(strings: StringPool) {
    this.strings = strings;
  }

  /** Number of ids, void included; ids run from 0 to `count - 1`. */
  get count(): number {
    return this.#count;
  }

  /** All types one after the other; replaced when the pool grows, so do not keep it over `add`. */
  get words(): Uint32Array {
    return this.#words;
  }

  /** Word index of each id in {@link words}; `[0]` is unused. Replaced when the pool grows. */
  get typeAt(): Uint32Array {
    return this.#typeAt;
  }

  /** Number of words in use. */
  get wordCount(): number {
    return this.#used;
  }

  /** Takes in the types of one input. */
  add(btf: Btf): TypeBase {
    const base = this.#count;
    const index = this.#inputs.push(btf) - 1;
    this.#reserve(btf.words.length, btf.typeCount - 1);
    const words = this.#words;
    const typeAt = this.#typeAt;
    const start = this.#used;
    const shift = base - 1;
    const memo = this.#memoFor(index);
    words.set(btf.words, start);
    for (let id = 1; id < btf.typeCount; id++) {
      let at = start + btf.typeAt[id]!;
      typeAt[shift + id] = at;
      const info = words[at + 1]!;
      const kind = kindOf(info);
      const name = words[at]!;
      if (name !== 0) words[at] = (memo[name] || this.#internMemo(btf, memo, name)) - 1;
      if (THIRD_IS_TYPE[kind] === 1) {
        const type = words[at + 2]!;
        if (type !== 0) words[at + 2] = type + shift;
      }
      at += COMMON_WORDS;
      for (let k = FIXED_TYPES[kind]!; k > 0; k--, at++) {
        const type = words[at]!;
        if (type !== 0) words[at] = type + shift;
      }
      const stride = ELEMENT_WORDS[kind]!;
      if (stride === 0) continue;
      const nameAt = ELEMENT_NAME[kind]!;
      const typeWord = ELEMENT_TYPE[kind]!;
      for (let left = vlenOf(info); left > 0; left--, at += stride) {
        if (nameAt >= 0) {
          const offset = words[at + nameAt]!;
          if (offset !== 0) {
            words[at + nameAt] = (memo[offset] || this.#internMemo(btf, memo, offset)) - 1;
          }
        }
        if (typeWord >= 0) {
          const type = words[at + typeWord]!;
          if (type !== 0) words[at + typeWord] = type + shift;
        }
      }
    }
    this.#used = start + btf.words.length;
    this.#count = base + btf.typeCount - 1;
    return { index, base, typeCount: btf.typeCount };
  }

  /** Takes in one type in the pool's own form, names as StringIds and references as pool ids. */
  append(words: readonly number[]): number {
    this.#reserve(words.length, 1);
    const id = this.#count++;
    this.#typeAt[id] = this.#used;
    this.#words.set(words, this.#used);
    this.#used += words.length;
    return id;
  }

  /**
   * The id of the string at `offset` of an input's string section, which `parseBtf` or `parseBtfExt`
   * has checked. Each offset is hashed once as long as the same input is asked for in a row.
   */
  internString(base: TypeBase, offset: number): StringId {
    if (offset === 0) return 0 as StringId;
    const memo = this.#memoFor(base.index);
    const known = memo[offset]!;
    return ((known || this.#internMemo(this.#inputs[base.index]!, memo, offset)) - 1) as StringId;
  }

  /** The kind; void has kind 0. */
  kind(id: number): number {
    return id === 0 ? 0 : kindOf(this.#words[this.#typeAt[id]! + 1]!);
  }

  /** Number of elements, or the linkage of a FUNC. */
  vlen(id: number): number {
    return id === 0 ? 0 : vlenOf(this.#words[this.#typeAt[id]! + 1]!);
  }

  kindFlag(id: number): boolean {
    return id !== 0 && kindFlagOf(this.#words[this.#typeAt[id]! + 1]!);
  }

  nameId(id: number): StringId {
    return (id === 0 ? 0 : this.#words[this.#typeAt[id]!]!) as StringId;
  }

  /** The name as text; made once per distinct name. */
  name(id: number): string {
    return this.strings.text(this.nameId(id));
  }

  /** The third word: size in bytes or pool id, as the kind says. Not followed through redirects. */
  sizeOrType(id: number): number {
    return id === 0 ? 0 : this.#words[this.#typeAt[id]! + 2]!;
  }

  /** Word `k` of the type, counted from its name; the layout is in `KINDS`. */
  word(id: number, k: number): number {
    return this.#words[this.#typeAt[id]! + k]!;
  }

  /** Word `k` where it is the name of a member, parameter or enumerator. */
  elementName(id: number, k: number): StringId {
    return this.#words[this.#typeAt[id]! + k]! as StringId;
  }

  /** Gives a type another name. */
  setName(id: number, name: StringId): void {
    this.#words[this.#typeAt[id]!] = name;
  }

  /** Linkage of a FUNC or VAR: 0 static, 1 global, 2 extern. */
  linkage(id: number): number {
    return this.kind(id) === BTF_KIND_VAR ? this.word(id, COMMON_WORDS) : this.vlen(id);
  }

  /** Sets the linkage of a FUNC or VAR. */
  setLinkage(id: number, linkage: number): void {
    const at = this.#typeAt[id]!;
    const kind = this.kind(id);
    if (kind === BTF_KIND_VAR) {
      this.#words[at + COMMON_WORDS] = linkage;
    } else if (kind === BTF_KIND_FUNC) {
      this.#words[at + 1] = (this.#words[at + 1]! & ~0xffff) | linkage;
    }
  }

  /** The encoding of an INT: bits 24 to 27 of the word behind the common three (btf.rst). */
  intEncoding(id: number): number {
    return (this.word(id, COMMON_WORDS) >>> 24) & 0xf;
  }

  setIntEncoding(id: number, encoding: number): void {
    const rest = this.word(id, COMMON_WORDS) & 0xf0ff_ffff;
    this.#words[this.#typeAt[id]! + COMMON_WORDS] = rest | (encoding << 24);
  }

  /**
   * Makes every reference to `from` mean `to`; `from` is never emitted. Chains are followed. A
   * redirect that would close a circle changes nothing.
   */
  redirect(from: number, to: number): void {
    const end = this.resolve(to);
    if (this.resolve(from) !== end) this.#redirects.set(from, end);
  }

  /** What a reference to `id` means after all redirects. */
  resolve(id: number): number {
    let end = id;
    for (let next; (next = this.#redirects.get(end)) !== undefined;) end = next;
    return end;
  }

  /** What a reference to each id means after all redirects. */
  meanings(): Uint32Array {
    const meaning = new Uint32Array(this.#count);
    for (let id = 0; id < meaning.length; id++) meaning[id] = id;
    for (const from of this.#redirects.keys()) meaning[from] = this.resolve(from);
    return meaning;
  }

  /** Ids that were redirected away. */
  redirected(): Iterable<number> {
    return this.#redirects.keys();
  }

  #memoFor(index: number): Uint32Array {
    if (this.#memoInput !== index) {
      const length = this.#inputs[index]!.strings.length;
      if (this.#memo.length < length) this.#memo = new Uint32Array(length * 2);
      else this.#memo.fill(0, 0, length);
      this.#memoInput = index;
    }
    return this.#memo;
  }

  /** Interns the string at `offset`; returns its id + 1, the form the memo holds. */
  #internMemo(btf: Btf, memo: Uint32Array, offset: number): number {
    const bytes = btf.strings.bytes;
    let end = offset;
    while (bytes[end] !== 0) end++;
    return (memo[offset] = this.strings.intern(bytes, offset, end) + 1);
  }

  #reserve(words: number, types: number): void {
    this.#words = grown(this.#words, this.#used, this.#used + words);
    this.#typeAt = grown(this.#typeAt, this.#count, this.#count + types);
  }
}

function grown(column: Uint32Array, used: number, needed: number): Uint32Array {
  if (needed <= column.length) return column;
  const larger = new Uint32Array(Math.max(column.length * 2, needed));
  larger.set(column.subarray(0, used));
  return larger;
}
