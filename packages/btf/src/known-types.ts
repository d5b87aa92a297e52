import {
  BTF_KIND_ARRAY,
  BTF_KIND_CONST,
  BTF_KIND_ENUM,
  BTF_KIND_ENUM64,
  BTF_KIND_FLOAT,
  BTF_KIND_FUNC,
  BTF_KIND_FUNC_PROTO,
  BTF_KIND_FWD,
  BTF_KIND_INT,
  BTF_KIND_PTR,
  BTF_KIND_RESTRICT,
  BTF_KIND_STRUCT,
  BTF_KIND_TYPEDEF,
  BTF_KIND_TYPE_TAG,
  BTF_KIND_UNION,
  BTF_KIND_VOLATILE,
  BTF_LINKAGE_STATIC,
  FIRST_REFERENCE,
  isEnum,
  KIND_COUNT,
  kindOf,
  REFERENCE_STRIDE,
  referenceCount,
  typeWords,
  vlenOf,
} from './kinds.js';
import { HASH_SEED, mix } from './type-shape.js';

/** Types of a pool: words with names as StringIds and references as pool ids. */
export interface PooledWords {
  readonly words: Uint32Array;
  /** Word index by id. */
  readonly typeAt: Uint32Array;
  /** Number of ids of the input that brought a type. */
  inputSize(id: number): number;
}

/** How a type is looked up. */
const APART = 0;
/** By all of its words; it refers to nothing. */
const BY_WORDS = 1;
/** By all of its words, once what it refers to is known. */
const BY_REFERENCES = 2;
/** By all but what it refers to, where it has a name; that must then turn out to agree. */
const BY_SHAPE = 3;

/** VARs, DATASECs and tags belong to their object, and global FUNCs to the definition of their name. */
const LOOKUP: Uint8Array = new Uint8Array(KIND_COUNT);
for (const kind of [BTF_KIND_INT, BTF_KIND_ENUM, BTF_KIND_ENUM64, BTF_KIND_FWD, BTF_KIND_FLOAT]) {
  LOOKUP[kind] = BY_WORDS;
}
for (const kind of [
  BTF_KIND_PTR,
  BTF_KIND_ARRAY,
  BTF_KIND_TYPEDEF,
  BTF_KIND_VOLATILE,
  BTF_KIND_CONST,
  BTF_KIND_RESTRICT,
  BTF_KIND_FUNC,
  BTF_KIND_FUNC_PROTO,
  BTF_KIND_TYPE_TAG,
]) {
  LOOKUP[kind] = BY_REFERENCES;
}
LOOKUP[BTF_KIND_STRUCT] = LOOKUP[BTF_KIND_UNION] = BY_SHAPE;

/** The types of an input on their way into the pool. */
export interface IncomingTypes {
  /** Names as StringIds, references still as ids of the input; those are spoilt. */
  readonly words: Uint32Array;
  /** The input's own words. */
  readonly original: Uint32Array;
  /** Word index by the input's ids. */
  readonly typeAt: Uint32Array;
  /** Pool id of the input's type 1. */
  readonly base: number;
}

/** State of a type in a walk: not yet met, its references are being followed, decided. */
const NEW = 0;
const PENDING = 1;
const DECIDED = 2;

/**
 * The types that inputs brought so far, to be found by those of the next that are the same: equal in
 * every word, references led back to the same types, cycles included.
 *
 * Named structs and unions are matched by their shape first, which cuts every cycle that C can
 * write, all else from there on; then the references of the matched ones are held against each
 * other, and what fails takes with it what was matched because of it. What is found is the same for
 * certain; of types of one shape only the one of the largest input is tried, so what is not found may
 * still turn out the same in `dedup`. Cost: linear in the words of each input; 16 to 32 bytes a known
 * type.
 */
export class KnownTypes {
  readonly #pool: PooledWords;
  /** Open addressing, two words an entry: hash, pool id; pool id 0 is free. At most half full. */
  #slots: Int32Array = new Int32Array(2 << 10);
  #count = 0;
  /** The input at hand: its types are looked up in their own words. */
  #input: IncomingTypes = { words: NONE, original: NONE, typeAt: NONE, base: 0 };

  /** Whether none is known yet. */
  get isEmpty(): boolean {
    return this.#count === 0;
  }

  constructor(pool: PooledWords) {
    this.#pool = pool;
  }

  /**
   * Finds the types of an input among those of earlier ones, and makes the others known.
   *
   * @param meaning by the input's ids the pool id of the type that is the same and came before, or
   *   the one of the type itself; what is to be found is written there
   */
  add(input: IncomingTypes, meaning: Uint32Array): void {
    this.#input = input;
    if (this.#count > 0) this.#match(meaning, undecided(input, meaning));
    // A large first input is known as a whole; of the next little is new.
    if (this.#count === 0) this.#grow(input.typeAt.length);
    this.#learn(meaning, undecided(input, meaning));
  }

  /** Finds types among those of earlier inputs. */
  #match(meaning: Uint32Array, state: Uint8Array): void {
    const { words, typeAt, base } = this.#input;
    const composites: number[] = [];
    const direct = (id: number): boolean => {
      const at = typeAt[id]!;
      const lookup = lookupOf(words, at);
      if (lookup === BY_REFERENCES) return false;
      state[id] = DECIDED;
      if (lookup === APART) return true;
      const slot =
        lookup === BY_WORDS
          ? this.#findWords(hashWords(words, at), at)
          : this.#findShape(hashShape(words, at), at);
      const found = this.#slots[slot + 1]!;
      if (found === 0) return true;
      meaning[id] = found;
      if (lookup === BY_SHAPE) composites.push(id);
      return true;
    };
    this.#walk(meaning, state, direct, (id, complete) => {
      // What refers to a type that is not known cannot be known.
      if (!complete) return;
      const at = typeAt[id]!;
      const info = words[at + 1]!;
      const stride = REFERENCE_STRIDE[kindOf(info)]!;
      let position = at + FIRST_REFERENCE[kindOf(info)]!;
      for (let left = referenceCount(info); left > 0; left--, position += stride) {
        if (words[position]! >= base) return;
      }
      const found = this.#slots[this.#findWords(hashWords(words, at), at) + 1]!;
      if (found !== 0) meaning[id] = found;
    });
    this.#confirm(meaning, composites);
  }

  /** Makes the undecided types known; those that are equal word by word become one. */
  #learn(meaning: Uint32Array, state: Uint8Array): void {
    const { words, typeAt, base } = this.#input;
    const insert = (slot: number, hash: number, id: number): void => {
      this.#slots[slot] = hash;
      this.#slots[slot + 1] = base - 1 + id;
      if (++this.#count * 4 > this.#slots.length) this.#grow(this.#count);
    };
    const decide = (id: number): void => {
      const hash = hashWords(words, typeAt[id]!);
      const slot = this.#findWords(hash, typeAt[id]!);
      const found = this.#slots[slot + 1]!;
      if (found === 0) insert(slot, hash, id);
      else meaning[id] = found;
    };
    const direct = (id: number): boolean => {
      const at = typeAt[id]!;
      const lookup = lookupOf(words, at);
      if (lookup === BY_REFERENCES) return false;
      state[id] = DECIDED;
      if (lookup === BY_WORDS) decide(id);
      if (lookup !== BY_SHAPE) return true;
      const hash = hashShape(words, at);
      const slot = this.#findShape(hash, at);
      const found = this.#slots[slot + 1]!;
      if (found === 0) insert(slot, hash, id);
      else if (this.#sizeOfInput(found) <= typeAt.length) this.#slots[slot + 1] = base - 1 + id;
      return true;
    };
    this.#walk(meaning, state, direct, (id, complete) => {
      if (complete) decide(id);
    });
  }

  /**
   * Goes through the undecided types, references first, in order of ids: `direct` decides a type as
   * it is or declines, `ready` gets the others once their references are decided and replaced by
   * what they mean. Not `complete` is a type in a cycle of such alone.
   */
  #walk(
    meaning: Uint32Array,
    state: Uint8Array,
    direct: (id: number) => boolean,
    ready: (id: number, complete: boolean) => void,
  ): void {
    const { words, original, typeAt } = this.#input;
    // The path of references that is being followed, and how many of each type's were.
    const path: number[] = [];
    const followed: number[] = [];
    const incomplete = new Set<number>();
    for (let start = 1; start < state.length; start++) {
      if (state[start] !== NEW || direct(start)) continue;
      state[start] = PENDING;
      path.push(start);
      followed.push(0);
      follow: while (path.length > 0) {
        const depth = path.length - 1;
        const id = path[depth]!;
        const at = typeAt[id]!;
        const info = original[at + 1]!;
        const kind = kindOf(info);
        const stride = REFERENCE_STRIDE[kind]!;
        const end = referenceCount(info);
        let k = followed[depth]!;
        let position = at + FIRST_REFERENCE[kind]! + k * stride;
        for (; k < end; k++, position += stride) {
          const target = original[position]!;
          if (state[target] === NEW && target !== 0 && !direct(target)) {
            // Comes back to this reference when the target is decided.
            state[target] = PENDING;
            followed[depth] = k;
            path.push(target);
            followed.push(0);
            continue follow;
          }
          if (state[target] === PENDING) incomplete.add(id);
          words[position] = meaning[target]!;
        }
        state[id] = DECIDED;
        ready(id, incomplete.size === 0 || !incomplete.has(id));
        path.length = followed.length = depth;
      }
    }
  }

  /** Takes back matches of composites whose references disagree, and all that rest on them. */
  #confirm(meaning: Uint32Array, composites: readonly number[]): void {
    const { original, typeAt, base } = this.#input;
    const pool = this.#pool;
    const failed: number[] = [];
    for (const id of composites) {
      const at = typeAt[id]!;
      const to = pool.typeAt[meaning[id]!]! - at;
      let position = at + FIRST_REFERENCE[BTF_KIND_STRUCT]!;
      let left = vlenOf(original[at + 1]!);
      while (left > 0 && meaning[original[position]!] === pool.words[to + position]) {
        left--;
        position += REFERENCE_STRIDE[BTF_KIND_STRUCT]!;
      }
      if (left > 0) failed.push(id);
    }
    takeBack(original, typeAt, { from: 1, to: typeAt.length }, meaning, failed, base);
  }

  /** The slot of the known type with the words of the input's type at `at`, or a free one. */
  #findWords(hash: number, at: number): number {
    const { words, typeAt, base } = this.#input;
    const pool = this.#pool;
    const slots = this.#slots;
    const mask = slots.length - 1;
    const length = typeWords(words[at + 1]!);
    for (let slot = (hash << 1) & mask; ; slot = (slot + 2) & mask) {
      const id = slots[slot + 1]!;
      if (id === 0) return slot;
      if (slots[slot] !== hash) continue;
      const others = id < base ? pool.words : words;
      const other = id < base ? pool.typeAt[id]! : typeAt[id - base + 1]!;
      let k = 0;
      while (k < length && words[at + k] === others[other + k]) k++;
      if (k === length) return slot;
    }
  }

  /** The slot of the known struct or union of the shape of the input's at `at`, or a free one. */
  #findShape(hash: number, at: number): number {
    const { words, typeAt, base } = this.#input;
    const pool = this.#pool;
    const slots = this.#slots;
    const mask = slots.length - 1;
    for (let slot = (hash << 1) & mask; ; slot = (slot + 2) & mask) {
      const id = slots[slot + 1]!;
      if (id === 0) return slot;
      if (slots[slot] !== hash) continue;
      const others = id < base ? pool.words : words;
      const other = id < base ? pool.typeAt[id]! : typeAt[id - base + 1]!;
      if (sameComposite(words, at, others, other)) return slot;
    }
  }

  /** Number of ids of the input that brought a known type. */
  #sizeOfInput(id: number): number {
    const { base, typeAt } = this.#input;
    return id < base ? this.#pool.inputSize(id) : typeAt.length;
  }

  /** Makes room for `entries` entries and as many again. */
  #grow(entries: number): void {
    const old = this.#slots;
    let size = old.length;
    while (size < entries * 4) size *= 2;
    const slots = new Int32Array(size);
    const mask = slots.length - 1;
    for (let at = 0; at < old.length; at += 2) {
      if (old[at + 1] === 0) continue;
      let slot = (old[at]! << 1) & mask;
      while (slots[slot + 1] !== 0) slot = (slot + 2) & mask;
      slots[slot] = old[at]!;
      slots[slot + 1] = old[at + 1]!;
    }
    this.#slots = slots;
  }
}

const NONE: Uint32Array = new Uint32Array(0);

/** Whether a type may share its words with an equal one of another input. */
export function canBeShared(words: Uint32Array, at: number): boolean {
  return lookupOf(words, at) !== APART;
}

/** A forward declared enum means another type depending on where it stands, so it stays apart. */
function lookupOf(words: Uint32Array, at: number): number {
  const info = words[at + 1]!;
  const lookup = LOOKUP[kindOf(info)]!;
  if (lookup === BY_SHAPE && words[at] === 0) return BY_REFERENCES;
  if (lookup === BY_WORDS && vlenOf(info) === 0 && isEnum(kindOf(info))) return APART;
  if (kindOf(info) === BTF_KIND_FUNC && vlenOf(info) !== BTF_LINKAGE_STATIC) return APART;
  return lookup;
}

function hashWords(words: Uint32Array, at: number): number {
  let hash = 0x2545f491;
  for (const end = at + typeWords(words[at + 1]!); at < end; at++) hash = mix(hash, words[at]!);
  return hash;
}

/** Hash of a struct or union without its member types. */
function hashShape(words: Uint32Array, at: number): number {
  const info = words[at + 1]!;
  let hash = mix(mix(mix(HASH_SEED, words[at]!), info), words[at + 2]!);
  const end = at + typeWords(info);
  for (at += 3; at < end; at += 3) hash = mix(mix(hash, words[at]!), words[at + 2]!);
  return hash;
}

/** Whether two structs or unions agree in all but their member types. */
function sameComposite(
  words: Uint32Array,
  at: number,
  others: Uint32Array,
  other: number,
): boolean {
  const info = words[at + 1]!;
  if (words[at] !== others[other] || info !== others[other + 1]) return false;
  if (words[at + 2] !== others[other + 2]) return false;
  const length = typeWords(info);
  for (let k = 3; k < length; k += 3) {
    if (words[at + k] !== others[other + k] || words[at + k + 2] !== others[other + k + 2]) {
      return false;
    }
  }
  return true;
}

/** NEW for each type that means itself yet. */
function undecided({ typeAt, base }: IncomingTypes, meaning: Uint32Array): Uint8Array {
  const state = new Uint8Array(typeAt.length);
  for (let id = 1; id < state.length; id++) state[id] = meaning[id]! < base ? DECIDED : NEW;
  return state;
}

/** The ids `[from, to)` of an input. */
interface IdRange {
  readonly from: number;
  readonly to: number;
}

/** Rounds of {@link takeBack} that look for types which refer to failed ones before all users are listed. */
const MAXIMUM_ROUNDS = 4;

/**
 * Lets the failed types mean themselves, and so all that was matched and leads to one of them. Where
 * types fail at all, little refers to them, and a few rounds over all types find it.
 *
 * @param range the ids that have been matched
 */
export function takeBack(
  words: Uint32Array,
  typeAt: Uint32Array,
  range: IdRange,
  meaning: Uint32Array,
  failed: number[],
  base: number,
): void {
  for (let round = 0; round < MAXIMUM_ROUNDS; round++) {
    if (failed.length === 0) return;
    const isFailed = new Uint8Array(typeAt.length);
    for (const id of failed) {
      meaning[id] = base - 1 + id;
      isFailed[id] = 1;
    }
    failed.length = 0;
    for (let id = range.from; id < range.to; id++) {
      if (meaning[id]! < base && refersToAny(words, typeAt[id]!, isFailed)) failed.push(id);
    }
  }
  const { userStart, users } = usersOf(words, typeAt, range);
  for (const id of failed) meaning[id] = base - 1 + id;
  for (let id; (id = failed.pop()) !== undefined;) {
    for (let k = userStart[id]!; k < userStart[id + 1]!; k++) {
      const user = users[k]!;
      if (meaning[user]! >= base) continue;
      meaning[user] = base - 1 + user;
      failed.push(user);
    }
  }
}

/** Whether a type refers to one of those marked with 1. */
function refersToAny(words: Uint32Array, at: number, marked: Uint8Array): boolean {
  const info = words[at + 1]!;
  const stride = REFERENCE_STRIDE[kindOf(info)]!;
  let position = at + FIRST_REFERENCE[kindOf(info)]!;
  for (let left = referenceCount(info); left > 0; left--, position += stride) {
    if (marked[words[position]!] === 1) return true;
  }
  return false;
}

/** Which types of a range refer to each type, once per reference. */
function usersOf(
  words: Uint32Array,
  typeAt: Uint32Array,
  { from, to }: IdRange,
): { readonly userStart: Uint32Array; readonly users: Uint32Array } {
  const count = typeAt.length;
  const userStart = new Uint32Array(count + 2);
  const visit = (found: (target: number, id: number) => void): void => {
    for (let id = from; id < to; id++) {
      const at = typeAt[id]!;
      const info = words[at + 1]!;
      const kind = kindOf(info);
      const stride = REFERENCE_STRIDE[kind]!;
      let position = at + FIRST_REFERENCE[kind]!;
      for (let left = referenceCount(info); left > 0; left--, position += stride) {
        found(words[position]!, id);
      }
    }
  };
  visit((target) => userStart[target + 2]!++);
  for (let id = 0; id <= count; id++) userStart[id + 1] = userStart[id + 1]! + userStart[id]!;
  const users = new Uint32Array(userStart[count + 1]!);
  visit((target, id) => (users[userStart[target + 1]!++] = id));
  return { userStart, users };
}
