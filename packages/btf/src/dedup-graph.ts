import {
  BTF_KIND_DATASEC,
  BTF_KIND_ENUM,
  BTF_KIND_ENUM64,
  BTF_KIND_FUNC_PROTO,
  BTF_KIND_VAR,
  COMMON_WORDS,
  ELEMENT_NAME,
  ELEMENT_TYPE,
  ELEMENT_WORDS,
  FIRST_REFERENCE,
  FIXED_TYPES,
  FIXED_WORDS,
  isEnum,
  kindOf,
  REFERENCE_STRIDE,
  referenceCount,
  THIRD_IS_TYPE,
  vlenOf,
} from './kinds.js';
import type { TypePool } from './type-pool.js';

/** The references between types as two compressed adjacency lists, forward and backward. */
export interface TypeGraph {
  readonly count: number;
  /** `edges[edgeStart[t] .. edgeStart[t + 1])`: what `t` refers to, in order of its words. */
  readonly edgeStart: Uint32Array;
  readonly edges: Uint32Array;
  /** `users[userStart[t] .. userStart[t + 1])`: what refers to `t`, once per reference. */
  readonly userStart: Uint32Array;
  readonly users: Uint32Array;
}

/** Types grouped by number; numbers run from 0 to `count - 1`. */
export interface Coloring {
  readonly color: Uint32Array;
  readonly count: number;
}

/** Positions of the type ids of a type, from {@link KINDS}. */
export function forEachReference(
  words: Uint32Array,
  at: number,
  visit: (position: number) => void,
): void {
  const info = words[at + 1]!;
  const kind = kindOf(info);
  const stride = REFERENCE_STRIDE[kind]!;
  let position = at + FIRST_REFERENCE[kind]!;
  for (let left = referenceCount(info); left > 0; left--, position += stride) visit(position);
}

/**
 * The graph in which a reference to `t` leads to `meaning[t]`. DATASECs refer to nothing, and
 * neither does a type that means another: both stand outside of deduplication.
 */
export function buildGraph(pool: TypePool, meaning: Uint32Array): TypeGraph {
  const { words, typeAt, count } = pool;
  const edgeStart = new Uint32Array(count + 1);
  let total = 0;
  for (let id = 1; id < count; id++) {
    edgeStart[id] = total;
    if (meaning[id] !== id) continue;
    const info = words[typeAt[id]! + 1]!;
    if (kindOf(info) !== BTF_KIND_DATASEC) total += referenceCount(info);
  }
  edgeStart[count] = total;
  const edges = new Uint32Array(total);
  const userStart = new Uint32Array(count + 1);
  let edge = 0;
  for (let id = 1; id < count; id++) {
    let left = edgeStart[id + 1]! - edgeStart[id]!;
    if (left === 0) continue;
    const at = typeAt[id]!;
    const kind = kindOf(words[at + 1]!);
    const stride = REFERENCE_STRIDE[kind]!;
    let position = at + FIRST_REFERENCE[kind]!;
    for (; left > 0; left--, position += stride) edges[edge++] = meaning[words[position]!]!;
  }
  for (let i = 0; i < total; i++) userStart[edges[i]! + 1]!++;
  for (let id = 0; id < count; id++) userStart[id + 1] = userStart[id + 1]! + userStart[id]!;
  const users = new Uint32Array(total);
  const next = userStart.slice();
  for (let id = 1; id < count; id++) {
    for (let i = edgeStart[id]!; i < edgeStart[id + 1]!; i++) users[next[edges[i]!]!++] = id;
  }
  return { count, edgeStart, edges, userStart, users };
}

/** The enums of one name that is also declared forward. */
interface EnumName {
  /** Distinct definitions so far, by their hash. */
  readonly definitions: Map<number, number>;
  /** The one met last, 0 before any. */
  latest: number;
  /** Forward declarations met before any definition. */
  readonly early: number[];
}

/**
 * What a reference to each id means before anything is merged: redirects of the pool, of types that
 * share their words the one that stands for them, and a forward declared enum means the definition of its name. Of several the one met last before it, and if
 * there is none before, the last of all: in doubt as libbpf chooses.
 */
export function initialMeaning(pool: TypePool, kept: Uint8Array | undefined): Uint32Array {
  const { words, typeAt, sameAs, count } = pool;
  const meaning = pool.meanings();
  const names = new Map<number, EnumName>();
  const enums: number[] = [];
  const note = (id: number): void => {
    enums.push(id);
    // An enum that shares its words is no forward declaration.
    if (sameAs[id] !== id || meaning[id] !== id) return;
    const at = typeAt[id]!;
    if (isForwardEnum(words, at) && !names.has(words[at]!)) {
      names.set(words[at]!, { definitions: new Map(), latest: 0, early: [] });
    }
  };
  pool.forEachOfKind(BTF_KIND_ENUM, note);
  pool.forEachOfKind(BTF_KIND_ENUM64, note);
  if (names.size > 0) {
    enums.sort((one, other) => one - other);
    chooseEnums(pool, enums, meaning, kept, names);
  }
  for (const from of pool.redirected()) meaning[from] = meaning[meaning[from]!]!;
  for (let id = 1; id < count; id++) meaning[id] = sameAs[meaning[id]!]!;
  return meaning;
}

function chooseEnums(
  pool: TypePool,
  enums: readonly number[],
  meaning: Uint32Array,
  kept: Uint8Array | undefined,
  names: ReadonlyMap<number, EnumName>,
): void {
  const { words, typeAt } = pool;
  for (const id of enums) {
    const at = typeAt[id]!;
    const name = names.get(words[at]!);
    if (name === undefined || meaning[id] !== id) continue;
    if (isForwardEnum(words, at)) {
      if (name.latest === 0) name.early.push(id);
      else meaning[id] = name.latest;
    } else if (kept === undefined || kept[id] === 1) {
      const hash = shapeHash(words, at);
      const known = name.definitions.get(hash);
      if (known !== undefined && sameShape(words, at, typeAt[known]!)) continue;
      name.definitions.set(hash, id);
      name.latest = id;
    }
  }
  for (const { latest, early } of names.values()) {
    const first = early.find((id) => kept === undefined || kept[id] === 1) ?? early[0];
    for (const id of early) meaning[id] = latest === 0 ? first! : latest;
  }
}

/** A named enum without values is a forward declaration (clang emits `enum e;` so). */
function isForwardEnum(words: Uint32Array, at: number): boolean {
  const info = words[at + 1]!;
  return vlenOf(info) === 0 && isEnum(kindOf(info)) && words[at] !== 0;
}

const HASH_SEED = 0x811c9dc5;
/**
 * References that tell types apart before groups are refined: most types of a kernel are pointers and
 * modifiers, and the structs that they lead to in three steps have names.
 */
const NEIGHBOURHOOD = 3;

/** One step of the hash over words. */
export function mix(hash: number, word: number): number {
  hash = Math.imul(hash ^ word, 0x9e3779b1);
  return hash ^ (hash >>> 15);
}

/** By id, a hash of all that {@link colorByShape} goes by; of the distinct types `types` alone. */
export function hashShapes({ words, typeAt, count }: TypePool, types: Uint32Array): Int32Array {
  // Signed: V8 keeps what is beyond 31 bits and positive on the heap.
  const hashes = new Int32Array(count);
  for (let i = 0; i < types.length; i++) hashes[types[i]!] = shapeHash(words, typeAt[types[i]!]!);
  return hashes;
}

/**
 * Takes what each type refers to into its hash, and what that refers to, {@link NEIGHBOURHOOD}
 * references far. What cannot be told apart however far references are followed has equal hashes.
 */
export function hashNeighbourhoods(
  { count, edgeStart, edges }: TypeGraph,
  types: Uint32Array,
  shapes: Int32Array,
): Int32Array {
  let from = shapes;
  let spare: Int32Array | undefined;
  for (let distance = 0; distance < NEIGHBOURHOOD; distance++) {
    const to = spare ?? new Int32Array(count);
    for (let i = 0; i < types.length; i++) {
      const id = types[i]!;
      let hash = shapes[id]!;
      const end = edgeStart[id + 1]!;
      for (let k = edgeStart[id]!; k < end; k++) hash = mix(hash, from[edges[k]!]!);
      to[id] = hash;
    }
    spare = distance === 0 ? undefined : from;
    from = to;
  }
  return from;
}

/**
 * Groups the distinct types `types` by everything in them but the types they refer to, and by a hash
 * of that or of more. Parameter names do not count: two prototypes that differ in them alone
 * describe the same function type. Each VAR, each DATASEC and each type that means another is alone.
 */
export function colorByShape(
  pool: TypePool,
  meaning: Uint32Array,
  types: Uint32Array,
  hashes: Int32Array,
): Coloring {
  const { words, typeAt, count } = pool;
  const color = new Uint32Array(count);
  const { slots, mask } = hashSlots(types.length);
  // The first type of each color, to compare the next with.
  const first = new Uint32Array(types.length + 1);
  let colors = 1;
  for (let i = 0; i < types.length; i++) {
    const id = types[i]!;
    const at = typeAt[id]!;
    const kind = kindOf(words[at + 1]!);
    if (kind === BTF_KIND_VAR || kind === BTF_KIND_DATASEC || meaning[id] !== id) {
      first[colors] = id;
      color[id] = colors++;
      continue;
    }
    const hash = hashes[id]!;
    let slot = hash & mask;
    for (;;) {
      const known = slots[slot]!;
      if (known === 0) {
        first[colors] = id;
        slots[slot] = colors;
        color[id] = colors++;
        break;
      }
      const other = first[known]!;
      if (hashes[other] === hash && sameShape(words, at, typeAt[other]!)) {
        color[id] = known;
        break;
      }
      slot = (slot + 1) & mask;
    }
  }
  return { color, count: colors };
}

/** Open addressing for up to `entries` entries; 0 is a free slot. */
export function hashSlots(entries: number): { readonly slots: Uint32Array; readonly mask: number } {
  let size = 16;
  while (size < entries * 2) size *= 2;
  return { slots: new Uint32Array(size), mask: size - 1 };
}

function shapeHash(words: Uint32Array, start: number): number {
  const info = words[start + 1]!;
  const kind = kindOf(info);
  let hash = mix(mix(HASH_SEED, words[start]!), info);
  if (THIRD_IS_TYPE[kind] === 0) hash = mix(hash, words[start + 2]!);
  let at = start + COMMON_WORDS + FIXED_TYPES[kind]!;
  for (let k = FIXED_WORDS[kind]! - FIXED_TYPES[kind]!; k > 0; k--) hash = mix(hash, words[at++]!);
  const stride = ELEMENT_WORDS[kind]!;
  if (stride !== 0 && kind !== BTF_KIND_FUNC_PROTO) {
    const typeWord = ELEMENT_TYPE[kind]!;
    for (let left = vlenOf(info); left > 0; left--, at += stride) {
      for (let k = 0; k < stride; k++) if (k !== typeWord) hash = mix(hash, words[at + k]!);
    }
  }
  return hash;
}

function sameShape(words: Uint32Array, one: number, other: number): boolean {
  const info = words[one + 1]!;
  if (info !== words[other + 1] || words[one] !== words[other]) return false;
  const kind = kindOf(info);
  if (THIRD_IS_TYPE[kind] === 0 && words[one + 2] !== words[other + 2]) return false;
  const shift = other - one;
  let at = one + COMMON_WORDS + FIXED_TYPES[kind]!;
  for (let k = FIXED_WORDS[kind]! - FIXED_TYPES[kind]!; k > 0; k--, at++) {
    if (words[at] !== words[at + shift]) return false;
  }
  const stride = ELEMENT_WORDS[kind]!;
  if (stride === 0 || kind === BTF_KIND_FUNC_PROTO) return true;
  const typeWord = ELEMENT_TYPE[kind]!;
  for (let left = vlenOf(info); left > 0; left--, at += stride) {
    for (let k = 0; k < stride; k++) {
      if (k !== typeWord && words[at + k] !== words[at + k + shift]) return false;
    }
  }
  return true;
}

/**
 * Numbers the parameter names of each FUNC_PROTO that means itself and is not alone in its group: equal lists
 * have equal numbers, other types 0. Returns also these FUNC_PROTOs.
 */
export function numberParameterNames(
  pool: TypePool,
  meaning: Uint32Array,
  groups: Coloring,
): {
  readonly names: Uint32Array;
  readonly prototypes: Uint32Array;
} {
  const { words, typeAt, count } = pool;
  const names = new Uint32Array(count);
  const sizeOf = new Uint32Array(groups.count);
  const { color } = groups;
  pool.forEachOfKind(BTF_KIND_FUNC_PROTO, (id) => {
    if (meaning[id] === id) sizeOf[color[id]!]!++;
  });
  const prototypes: number[] = [];
  pool.forEachOfKind(BTF_KIND_FUNC_PROTO, (id) => {
    if (meaning[id] === id && sizeOf[color[id]!]! > 1) prototypes.push(id);
  });
  const { slots, mask } = hashSlots(prototypes.length);
  const stride = ELEMENT_WORDS[BTF_KIND_FUNC_PROTO]!;
  const nameWord = COMMON_WORDS + ELEMENT_NAME[BTF_KIND_FUNC_PROTO]!;
  const sameNames = (one: number, other: number): boolean => {
    const parameters = vlenOf(words[one + 1]!);
    if (parameters !== vlenOf(words[other + 1]!)) return false;
    for (let k = 0, at = nameWord; k < parameters; k++, at += stride) {
      if (words[one + at] !== words[other + at]) return false;
    }
    return true;
  };
  for (const id of prototypes) {
    const at = typeAt[id]!;
    let hash = HASH_SEED;
    for (let left = vlenOf(words[at + 1]!), k = at + nameWord; left > 0; left--, k += stride) {
      hash = mix(hash, words[k]!);
    }
    let slot = hash & mask;
    while (slots[slot] !== 0 && !sameNames(at, typeAt[slots[slot]!]!)) slot = (slot + 1) & mask;
    if (slots[slot] === 0) slots[slot] = id;
    names[id] = slots[slot]!;
  }
  return { names, prototypes: Uint32Array.from(prototypes) };
}

/** By color: the lowest kept id that means itself; where none is kept, the lowest. */
export function lowestIds(
  { color, count }: Coloring,
  meaning: Uint32Array,
  kept: Uint8Array | undefined,
): Uint32Array {
  const lowest = new Uint32Array(count);
  for (let id = color.length - 1; id > 0; id--) if (meaning[id] === id) lowest[color[id]!] = id;
  if (kept === undefined) return lowest;
  for (let id = color.length - 1; id > 0; id--) {
    if (kept[id] === 1 && meaning[id] === id) lowest[color[id]!] = id;
  }
  return lowest;
}
