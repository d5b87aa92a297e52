import { lastAtOrBefore, type StringId, type StringPool } from '@bpf-ld/elf-reader';
import {
  BTF_KIND_DECL_TAG,
  BTF_KIND_FUNC,
  BTF_KIND_VAR,
  BTF_MAX_VLEN,
  COMMON_WORDS,
  ELEMENT_NAME,
  ELEMENT_WORDS,
  FIRST_REFERENCE,
  FIXED_WORDS,
  kindFlagOf,
  kindOf,
  ofKind,
  REFERENCE_STRIDE,
  referenceCount,
  typeWords,
  vlenOf,
} from './kinds.js';
import { type AlignedRun, alignedRun, equalTail } from './aligned-run.js';
import { InputStrings } from './input-strings.js';
import { canBeShared, KnownTypes, takeBack } from './known-types.js';
import type { Btf } from './read-btf.js';

const NONE: Uint32Array = new Uint32Array(0);

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

/** The pool ids of types of an input, void left out. */
export function poolIds(base: TypeBase, localIds: Uint32Array): Uint32Array {
  return localIds.map((id) => base.base + id - 1);
}

/**
 * The types of all inputs in one array of words: names are {@link StringId}s, type ids are pool ids
 * (0 is void). Every type of every input has an id of its own; which are the same is for `dedup` to
 * find out, but those seen to be the same at once share their words.
 *
 * Memory: the words that differ plus 8 bytes a type. No object and no string per type.
 */
export class TypePool {
  readonly strings: StringPool;
  #words: Uint32Array = new Uint32Array(1 << 14);
  #used = 0;
  #typeAt: Uint32Array = new Uint32Array(1 << 12);
  #count = 1;
  readonly #inputs: Btf[] = [];
  readonly #inputStrings: InputStrings;
  readonly #redirects = new Map<number, number>();
  /** Pool id of type 1 of each input. */
  readonly #bases: number[] = [];
  #sameAs: Uint32Array = new Uint32Array(1 << 12);
  readonly #known = new KnownTypes(this);
  /** Types of inputs met while none was known. */
  #notLookedUp = 0;
  /** By id, once a FUNC is to change: the next that shares its words, the first after the last. */
  #nextCopy: Uint32Array | undefined;
  #scratch: Uint32Array = NONE;
  /** The input with the most types. */
  #largest = 0;
  /** The input that {@link forEachReference} looked into last. */
  #lastInput = 0;

  constructor(strings: StringPool) {
    this.strings = strings;
    this.#inputStrings = new InputStrings(strings);
  }

  /** Number of ids, void included; ids run from 0 to `count - 1`. */
  get count(): number {
    return this.#count;
  }

  /**
   * All types one after the other; references are to types that stand for themselves, see
   * {@link sameAs}, but for what a DECL_TAG is on. Replaced when the pool grows, so do not keep it over `add`.
   */
  get words(): Uint32Array {
    return this.#words;
  }

  /** Word index of each id in {@link words}; `[0]` is unused. Replaced when the pool grows. */
  get typeAt(): Uint32Array {
    return this.#typeAt;
  }

  /**
   * Takes in the types of one input. Those that an earlier input brought, too, keep an id of their
   * own but share its words.
   */
  add(btf: Btf): TypeBase {
    const base = this.#count;
    const index = this.#inputs.push(btf) - 1;
    this.#bases.push(base);
    const largest = this.#inputs[this.#largest]!;
    const tail = largest === btf ? 0 : equalTail(btf.strings.bytes, largest.strings.bytes);
    const meaning = this.#align(btf, base, tail);
    const isLookedUp = index > 0 && this.#isWorthLookingUp(countFrom(meaning, base), btf.typeCount);
    if (isLookedUp && this.#known.isEmpty) this.#learnFirst(meaning);
    const names = this.#inputStrings.of(btf.strings, tail);
    if (isLookedUp) {
      const { words: original, typeAt } = btf;
      const words = this.#withNames(btf, names, meaning, base);
      this.#known.add({ words, original, typeAt, base }, meaning);
    }
    this.#store(btf, names, meaning, base);
    if (index === 0 || btf.typeCount > largest.typeCount) {
      this.#largest = index;
      names.keep();
    }
    return { index, base, typeCount: btf.typeCount };
  }

  /**
   * Whether to look for `left` types of an input, all but what was aligned, among the known ones:
   * for the rest of an input that is mostly aligned it costs more than it saves, and so does making
   * a large first input known for a few types of the others. `dedup` finds what is not looked up.
   */
  #isWorthLookingUp(left: number, typeCount: number): boolean {
    if (left * 4 < typeCount) return false;
    if (!this.#known.isEmpty) return true;
    this.#notLookedUp += left;
    return this.#notLookedUp * 8 >= this.#inputs[0]!.typeCount;
  }

  /**
   * What each type of an input means when the part of it that the largest earlier input has in the
   * same order, if any, means that one's types.
   */
  #align(btf: Btf, base: number, tail: number): Uint32Array {
    const { words, typeAt, typeCount } = btf;
    const meaning = ownIds(typeCount, base);
    const largest = this.#inputs[this.#largest]!;
    if (largest === btf) return meaning;
    const run = alignedRun(btf, largest, tail);
    const { from, to, shift } = run;
    const earlier = this.#bases[this.#largest]! - 1 + shift;
    for (let id = from; id < to; id++) {
      if (canBeShared(words, typeAt[id]!)) meaning[id] = this.#sameAs[earlier + id]!;
    }
    // What leads out of the run stands at its edge.
    const failed: number[] = [];
    for (let id = from; id < to; id++) {
      if (meaning[id]! < base && !staysWithin(words, typeAt[id]!, meaning, base)) failed.push(id);
    }
    takeBack(words, typeAt, run, meaning, failed, base);
    return meaning;
  }

  /**
   * Makes the types of the first input known, which is for nothing where no other looks for them.
   * Some of them turn out to be the same, so that what was stored and what is being added
   * (`following`, already aligned with it) may mean another of them.
   */
  #learnFirst(following: Uint32Array): void {
    const btf = this.#inputs[0]!;
    const { words: original, typeAt: from, typeCount } = btf;
    const base = this.#bases[0]!;
    const meaning = ownIds(typeCount, base);
    // Its words stand in the pool in one piece, names as StringIds.
    const start = this.#typeAt[base]!;
    const words = this.#words.slice(start, start + original.length);
    this.#known.add({ words, original, typeAt: from, base }, meaning);
    const sameAs = this.#sameAs;
    for (let id = 1; id < typeCount; id++) {
      sameAs[base - 1 + id] = meaning[id]!;
      this.#refer(original, from[id]!, meaning, this.#typeAt[base - 1 + id]!);
    }
    const end = base + typeCount - 1;
    for (let id = end; id < this.#count; id++) sameAs[id] = sameAs[sameAs[id]!]!;
    for (let id = 1; id < following.length; id++) {
      if (following[id]! < end) following[id] = sameAs[following[id]!]!;
    }
  }

  /** Writes what a type of an input refers to into its words in the pool. */
  #refer(original: Uint32Array, from: number, meaning: Uint32Array, to: number): void {
    const info = original[from + 1]!;
    const kind = kindOf(info);
    // A tag stays with its own input's type, which may yet change.
    if (kind === BTF_KIND_DECL_TAG) return;
    const stride = REFERENCE_STRIDE[kind]!;
    let position = FIRST_REFERENCE[kind]!;
    for (let left = referenceCount(info); left > 0; left--, position += stride) {
      this.#words[to + position] = meaning[original[from + position]!]!;
    }
  }

  /**
   * A copy of the input's words with names as StringIds, for the types that mean themselves; valid
   * until the next call.
   */
  #withNames(btf: Btf, names: InputStrings, meaning: Uint32Array, base: number): Uint32Array {
    if (this.#scratch.length < btf.words.length) {
      this.#scratch = new Uint32Array(btf.words.length + (btf.words.length >> 3));
    }
    const words = this.#scratch;
    words.set(btf.words);
    for (let id = 1; id < btf.typeCount; id++) {
      if (meaning[id]! >= base) nameWords(words, btf.typeAt[id]!, names);
    }
    return words;
  }

  /** Stores the types that are not known, references as what they mean. */
  #store(btf: Btf, names: InputStrings, meaning: Uint32Array, base: number): void {
    const { words: original, typeAt: from, typeCount } = btf;
    const shift = base - 1;
    const runs = ownRuns(btf, meaning, shift);
    this.#reserve(
      runs.reduce((sum, { start, end }) => sum + end - start, 0),
      typeCount - 1,
    );
    const words = this.#words;
    const typeAt = this.#typeAt;
    const sameAs = this.#sameAs;
    sameAs.set(meaning.subarray(1), base);
    for (const { first, last, start, end } of runs) {
      words.set(original.subarray(start, end), this.#used);
      const distance = this.#used - start;
      for (let id = first; id <= last; id++) {
        const at = from[id]! + distance;
        typeAt[shift + id] = at;
        nameWords(words, at, names);
        this.#refer(original, from[id]!, meaning, at);
        if (kindOf(words[at + 1]!) !== BTF_KIND_DECL_TAG) continue;
        const tagged = words[at + 2]!;
        if (tagged !== 0) words[at + 2] = shift + tagged;
      }
      this.#used += end - start;
    }
    // What stands for a type may follow it.
    for (let id = base; id < shift + typeCount; id++) typeAt[id] = typeAt[sameAs[id]!]!;
    this.#count = base + typeCount - 1;
  }

  /** Takes in one type in the pool's own form, names as StringIds and references as pool ids. */
  append(words: readonly number[]): number {
    this.#reserve(words.length, 1);
    const id = this.#count++;
    this.#typeAt[id] = this.#used;
    this.#sameAs[id] = id;
    this.#words.set(words, this.#used);
    const info = words[1]!;
    const kind = kindOf(info);
    let position = this.#used + FIRST_REFERENCE[kind]!;
    for (let left = referenceCount(info); left > 0; left--) {
      this.#words[position] = this.#sameAs[this.#words[position]!]!;
      position += REFERENCE_STRIDE[kind]!;
    }
    this.#used += words.length;
    return id;
  }

  /**
   * The id of the string at `offset` of an input's string section, which `parseBtf` or `parseBtfExt`
   * has checked. Each offset is hashed once as long as the same input is asked for in a row.
   */
  internString(base: TypeBase, offset: number): StringId {
    return this.#inputStrings.of(this.#inputs[base.index]!.strings).id(offset);
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
    this.#separate(id);
    this.#words[this.#typeAt[id]!] = name;
  }

  /** Linkage of a FUNC or VAR: 0 static, 1 global, 2 extern. */
  linkage(id: number): number {
    return this.kind(id) === BTF_KIND_VAR ? this.word(id, COMMON_WORDS) : this.vlen(id);
  }

  /** Sets the linkage of a FUNC or VAR. */
  setLinkage(id: number, linkage: number): void {
    this.#separate(id);
    const at = this.#typeAt[id]!;
    const kind = this.kind(id);
    if (kind === BTF_KIND_VAR) {
      this.#words[at + COMMON_WORDS] = linkage;
    } else if (kind === BTF_KIND_FUNC) {
      this.#words[at + 1] = (this.#words[at + 1]! & ~BTF_MAX_VLEN) | linkage;
    }
  }

  /** The encoding of an INT: bits 24 to 27 of the word behind the common three (btf.rst). */
  intEncoding(id: number): number {
    return (this.word(id, COMMON_WORDS) >>> 24) & 0xf;
  }

  /** Sets the encoding of an INT, and of those that share its words: they say the same. */
  setIntEncoding(id: number, encoding: number): void {
    const rest = this.word(id, COMMON_WORDS) & 0xf0ff_ffff;
    this.#words[this.#typeAt[id]! + COMMON_WORDS] = rest | (encoding << 24);
  }

  /** Gives a VAR or FUNC words of its own, so that they can be changed. No type is added afterwards. */
  #separate(id: number): void {
    if (!canBeShared(this.#words, this.#typeAt[id]!)) return;
    const ring = (this.#nextCopy ??= this.#functionCopies());
    const next = ring[id] ?? 0;
    if (next === 0) return;
    let previous = next;
    while (ring[previous] !== id) previous = ring[previous]!;
    ring[previous] = previous === next ? 0 : next;
    ring[id] = 0;
    // Those left share the words from now on; the one that changes gets new ones.
    if (this.#sameAs[id] === id) {
      this.#sameAs[next] = next;
      for (let copy = ring[next]!; copy !== 0 && copy !== next; copy = ring[copy]!) {
        this.#sameAs[copy] = next;
      }
    }
    const length = typeWords(this.#words[this.#typeAt[id]! + 1]!);
    this.#reserve(length, 0);
    const from = this.#typeAt[id]!;
    this.#words.copyWithin(this.#used, from, from + length);
    this.#typeAt[id] = this.#used;
    this.#sameAs[id] = id;
    this.#used += length;
  }

  /** Rings of the FUNCs that share their words; 0 for what shares them with none. */
  #functionCopies(): Uint32Array {
    const ring = new Uint32Array(this.#count);
    const sameAs = this.#sameAs;
    this.forEachOfKind(BTF_KIND_FUNC, (id) => {
      const first = sameAs[id]!;
      if (first === id) return;
      ring[id] = ring[first]! || first;
      ring[first] = id;
    });
    return ring;
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

  /**
   * By id: a type that is the same and whose words it shares, of an earlier input or its own, or itself. What stands for
   * others stands for itself.
   */
  get sameAs(): Uint32Array {
    return this.#sameAs;
  }

  /** Calls `visit` for each type of a kind, in order of ids. */
  forEachOfKind(kind: number, visit: (id: number) => void): void {
    let next = 1;
    const visitAppended = (end: number): void => {
      for (let id = next; id < end; id++) if (this.kind(id) === kind) visit(id);
    };
    this.#inputs.forEach(({ byKind, typeCount }, index) => {
      const before = this.#bases[index]! - 1;
      visitAppended(before + 1);
      const ids = ofKind(byKind, kind);
      for (let i = 0; i < ids.length; i++) visit(before + ids[i]!);
      next = before + typeCount;
    });
    visitAppended(this.#count);
  }

  /** Number of ids, void included, of the input that brought a type; 0 if none did. */
  inputSize(id: number): number {
    return this.#inputs[this.#inputOf(id)]?.typeCount ?? 0;
  }

  /** The types that an input's type refers to in that same input, though it shares its words. */
  forEachReference(id: number, visit: (target: number) => void): void {
    const input = this.#inputOf(id);
    const btf = this.#inputs[input];
    const shift = btf === undefined ? 0 : this.#bases[input]! - 1;
    const words = btf === undefined ? this.#words : btf.words;
    const at = btf === undefined ? this.#typeAt[id]! : btf.typeAt[id - shift]!;
    const info = words[at + 1]!;
    const kind = kindOf(info);
    const stride = REFERENCE_STRIDE[kind]!;
    let position = at + FIRST_REFERENCE[kind]!;
    for (let left = referenceCount(info); left > 0; left--, position += stride) {
      const target = words[position]!;
      visit(target === 0 ? 0 : target + shift);
    }
  }

  /** The references, as {@link forEachReference} has them, to types marked with 1. */
  forEachReferenceTo(marked: Uint8Array, visit: (target: number, from: number) => void): void {
    let next = 1;
    this.#inputs.forEach((btf, index) => {
      const base = this.#bases[index]!;
      visitMarked(this.#words, this.#typeAt, { from: next, to: base, shift: 0 }, marked, visit);
      next = base + btf.typeCount - 1;
      // An input's types refer to its own alone.
      const first = marked.indexOf(1, base);
      if (first < 0 || first >= next) return;
      const own = { from: 1, to: btf.typeCount, shift: base - 1 };
      visitMarked(btf.words, btf.typeAt, own, marked, visit);
    });
    const appended = { from: next, to: this.#count, shift: 0 };
    visitMarked(this.#words, this.#typeAt, appended, marked, visit);
  }

  /** The input that brought a type, -1 for one that was appended. */
  #inputOf(id: number): number {
    const bases = this.#bases;
    let low = this.#lastInput;
    if (!this.#holds(low, id)) {
      low = lastAtOrBefore(bases, id, 0, bases.length - 1);
      if (!this.#holds(low, id)) return -1;
      this.#lastInput = low;
    }
    return low;
  }

  #holds(input: number, id: number): boolean {
    const base = this.#bases[input];
    return base !== undefined && id >= base && id - base < this.#inputs[input]!.typeCount - 1;
  }

  /** Ids that were redirected away. */
  redirected(): Iterable<number> {
    return this.#redirects.keys();
  }

  #reserve(words: number, types: number): void {
    this.#words = grown(this.#words, this.#used, this.#used + words);
    this.#typeAt = grown(this.#typeAt, this.#count, this.#count + types);
    this.#sameAs = grown(this.#sameAs, this.#count, this.#count + types);
  }
}

/** Types of an input that stand one behind the other and mean themselves. */
interface OwnRun {
  readonly first: number;
  readonly last: number;
  /** Word indices. */
  readonly start: number;
  readonly end: number;
}

function ownRuns({ words, typeAt, typeCount }: Btf, meaning: Uint32Array, shift: number): OwnRun[] {
  const runs: OwnRun[] = [];
  for (let id = 1; id < typeCount; id++) {
    if (meaning[id] !== shift + id) continue;
    const first = id;
    while (id + 1 < typeCount && meaning[id + 1] === shift + id + 1) id++;
    const end = id + 1 < typeCount ? typeAt[id + 1]! : words.length;
    runs.push({ first, last: id, start: typeAt[first]!, end });
  }
  return runs;
}

/** What the types of an input mean that means nothing else: pool ids from `base` on. */
function ownIds(typeCount: number, base: number): Uint32Array {
  const ids = new Uint32Array(typeCount);
  for (let id = 1; id < typeCount; id++) ids[id] = base - 1 + id;
  return ids;
}

/** Makes the names in a type's words StringIds. */
function nameWords(words: Uint32Array, start: number, names: InputStrings): void {
  const info = words[start + 1]!;
  const kind = kindOf(info);
  words[start] = names.id(words[start]!);
  if (ELEMENT_NAME[kind]! < 0) return;
  const stride = ELEMENT_WORDS[kind]!;
  let at = start + COMMON_WORDS + FIXED_WORDS[kind]! + ELEMENT_NAME[kind]!;
  for (let left = vlenOf(info); left > 0; left--, at += stride) words[at] = names.id(words[at]!);
}

/** How many of the ids are not below `base`. */
function countFrom(ids: Uint32Array, base: number): number {
  let count = 0;
  for (let i = 1; i < ids.length; i++) if (ids[i]! >= base) count++;
  return count;
}

/** Whether all that a type of an input refers to means types of earlier inputs. */
function staysWithin(words: Uint32Array, at: number, meaning: Uint32Array, base: number): boolean {
  const info = words[at + 1]!;
  const stride = REFERENCE_STRIDE[kindOf(info)]!;
  let position = at + FIRST_REFERENCE[kindOf(info)]!;
  for (let left = referenceCount(info); left > 0; left--, position += stride) {
    if (meaning[words[position]!]! >= base) return false;
  }
  return true;
}

/** The references of a run of types to marked ones; ids with the run's shift are pool ids. */
function visitMarked(
  words: Uint32Array,
  typeAt: Uint32Array,
  { from, to, shift }: AlignedRun,
  marked: Uint8Array,
  visit: (target: number, from: number) => void,
): void {
  for (let id = from; id < to; id++) {
    const at = typeAt[id]!;
    const info = words[at + 1]!;
    const stride = REFERENCE_STRIDE[kindOf(info)]!;
    let position = at + FIRST_REFERENCE[kindOf(info)]!;
    for (let left = referenceCount(info); left > 0; left--, position += stride) {
      const target = words[position]!;
      if (target !== 0 && marked[target + shift] === 1) visit(target + shift, id + shift);
    }
  }
}

function grown(column: Uint32Array, used: number, needed: number): Uint32Array {
  if (needed <= column.length) return column;
  // What is not used costs address space, no memory.
  const larger = new Uint32Array(Math.max(column.length * 2, needed + (needed >> 1)));
  larger.set(column.subarray(0, used));
  return larger;
}
