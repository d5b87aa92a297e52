import { BTF_KIND_ENUM, BTF_KIND_ENUM64, groupByKind, type TypesByKind, vlenOf } from './kinds.js';
import { sameShape, shapeHash } from './type-shape.js';
import type { TypePool } from './type-pool.js';

/**
 * The types of a pool that stand for themselves, numbered from 1 in order of their pool ids: the
 * nodes that deduplication works on. 0 is void.
 */
export interface DistinctTypes {
  /** Number of nodes, void included. */
  readonly count: number;
  /** The words of the pool; ids in them are pool ids. */
  readonly words: Uint32Array;
  /** By node: its word index in `words`. */
  readonly typeAt: Uint32Array;
  /** By node: its pool id. */
  readonly ids: Uint32Array;
  /** By pool id: the node that it is or shares its words with. */
  readonly nodeOf: Uint32Array;
  /** The nodes by kind. */
  readonly byKind: TypesByKind;
}

/** Numbers the types that stand for themselves. */
export function distinctTypes({ words, typeAt, sameAs, count }: TypePool): DistinctTypes {
  const nodeOf = new Uint32Array(count);
  const ids = new Uint32Array(count);
  const places = new Uint32Array(count);
  let nodes = 1;
  for (let id = 1; id < count; id++) {
    if (sameAs[id] !== id) continue;
    ids[nodes] = id;
    places[nodes] = typeAt[id]!;
    nodeOf[id] = nodes++;
  }
  // What stands for a type may follow it.
  for (let id = 1; id < count; id++) nodeOf[id] = nodeOf[sameAs[id]!]!;
  const at = places.slice(0, nodes);
  return {
    count: nodes,
    words,
    typeAt: at,
    ids: ids.slice(0, nodes),
    nodeOf,
    byKind: groupByKind(words, at),
  };
}

/** By node: the lowest kept pool id of the types that share its words, 0 where none is kept. */
export function keptIds(
  { count, nodeOf }: DistinctTypes,
  kept: Uint8Array | undefined,
): Uint32Array {
  const lowest = new Uint32Array(count);
  for (let id = nodeOf.length - 1; id > 0; id--) {
    if (kept === undefined || kept[id] === 1) lowest[nodeOf[id]!] = id;
  }
  return lowest;
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
 * By node: what a reference to it means before anything is merged. Redirects of the pool are followed,
 * and a forward declared enum means the definition of its name: of several the one met last before it,
 * and if there is none before, the last of all: in doubt as libbpf chooses.
 *
 * @param kept by pool id, see `dedup`
 */
export function initialMeaning(
  pool: TypePool,
  { count, nodeOf }: DistinctTypes,
  kept: Uint8Array | undefined,
): Uint32Array {
  const meaning = new Uint32Array(count);
  for (let node = 1; node < count; node++) meaning[node] = node;
  for (const [from, to] of enumMeanings(pool, kept)) meaning[nodeOf[from]!] = nodeOf[to]!;
  for (const from of pool.redirected()) {
    meaning[nodeOf[from]!] = meaning[nodeOf[pool.resolve(from)]!]!;
  }
  return meaning;
}

/** The pool ids of enums that are declared forward, and of what each means. */
function enumMeanings(pool: TypePool, kept: Uint8Array | undefined): Map<number, number> {
  const { words, typeAt, sameAs } = pool;
  const names = new Map<number, EnumName>();
  const enums: number[] = [];
  const note = (id: number): void => {
    enums.push(id);
    // An enum that shares its words is no forward declaration.
    if (sameAs[id] === id && isForwardEnum(words, typeAt[id]!)) {
      names.set(words[typeAt[id]!]!, { definitions: new Map(), latest: 0, early: [] });
    }
  };
  pool.forEachOfKind(BTF_KIND_ENUM, note);
  pool.forEachOfKind(BTF_KIND_ENUM64, note);
  const meanings = new Map<number, number>();
  if (names.size === 0) return meanings;
  for (const id of enums.sort((one, other) => one - other)) {
    const at = typeAt[id]!;
    const name = names.get(words[at]!);
    if (name === undefined) continue;
    if (isForwardEnum(words, at)) {
      if (name.latest === 0) name.early.push(id);
      else meanings.set(id, name.latest);
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
    for (const id of early) meanings.set(id, latest === 0 ? first! : latest);
  }
  return meanings;
}

/** A named enum without values is a forward declaration (clang emits `enum e;` so). */
function isForwardEnum(words: Uint32Array, at: number): boolean {
  return vlenOf(words[at + 1]!) === 0 && words[at] !== 0;
}
