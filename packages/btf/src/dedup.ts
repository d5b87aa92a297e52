import {
  buildGraph,
  colorByShape,
  type Coloring,
  hashNeighbourhoods,
  hashShapes,
  initialMeaning,
  numberParameterNames,
  type TypeGraph,
} from './dedup-graph.js';
import { ForwardDeclarations } from './dedup-forward.js';
import { refine } from './dedup-refine.js';
import { BTF_KIND_FWD, isComposite, isEnum, kindOf } from './kinds.js';
import type { TypePool } from './type-pool.js';

/**
 * Finds which types of the pool are one and the same; returns the canonical pool id of each, the
 * lowest kept one of its group. Redirected types get the canonical id of what they mean.
 *
 * Two types are the same when nothing distinguishes them, following references without end: kind,
 * flags, names, sizes, offsets, values. Beyond that
 * - a forward declaration is the struct, union or enum of its name, see {@link ForwardDeclarations};
 * - names of parameters do not distinguish structs and unions that refer to a prototype, though
 *   prototypes with different names stay apart.
 * Each VAR and each DATASEC stays its own.
 *
 * The result depends on the content and order of the pool alone. Deduplicating the result merges
 * nothing more. Cost: near linear in the words of the pool.
 *
 * @param kept the answer of `keptTypes`, 1 for types that may be written; all if left out
 */
export function dedup(pool: TypePool, kept?: Uint8Array): Uint32Array {
  const meaning = initialMeaning(pool, kept);
  const keptOnce = kept && keptSomewhere(pool, kept);
  const forwards = new ForwardDeclarations(pool, meaning, keptOnce);
  const types = distinctTypes(pool);
  const shapes = hashShapes(pool, types);
  for (;;) {
    forwards.assume();
    const graph = buildGraph(pool, meaning);
    const start = colorByShape(pool, meaning, types, hashNeighbourhoods(graph, types, shapes));
    const groups = refine({ graph, start, suspects: types });
    // Nothing merged is always right, and enough for a graph made to exhaust the linker.
    if (groups === undefined) return lowestOfMeanings(pool, initialMeaning(pool, kept), kept);
    const byShape = (): Coloring => colorByShape(pool, meaning, types, shapes);
    if (!forwards.settle(graph, groups, byShape)) continue;
    const named = refineByParameterNames(pool, graph, groups, meaning);
    return lowestOfGroups(pool, named ?? groups, meaning, kept);
  }
}

/** 1 for each type that stays where it stands or where another type shares its words. */
function keptSomewhere({ sameAs, count }: TypePool, kept: Uint8Array): Uint8Array {
  const somewhere = kept.slice();
  for (let id = 1; id < count; id++) if (kept[id] === 1) somewhere[sameAs[id]!] = 1;
  return somewhere;
}

/** The types that stand for themselves: all that may have to be told apart. */
function distinctTypes({ count, sameAs }: TypePool): Uint32Array {
  const all = new Uint32Array(count);
  let found = 0;
  for (let id = 1; id < count; id++) if (sameAs[id] === id) all[found++] = id;
  return all.subarray(0, found);
}

/** Splits prototypes with different parameter names, and what refers to them, but no composite. */
function refineByParameterNames(
  pool: TypePool,
  graph: TypeGraph,
  groups: Coloring,
  meaning: Uint32Array,
): Coloring | undefined {
  const { words, typeAt, count } = pool;
  const { names, prototypes } = numberParameterNames(pool, meaning, groups);
  if (prototypes.length === 0) return groups;
  const frozen = new Uint8Array(count);
  for (let id = 1; id < count; id++) {
    // What means another has no users.
    if (meaning[id] !== id) continue;
    const kind = kindOf(words[typeAt[id]! + 1]!);
    if (isComposite(kind) || isEnum(kind) || kind === BTF_KIND_FWD) frozen[id] = 1;
  }
  return refine({ graph, start: groups, suspects: prototypes, salt: names, frozen });
}

/** The lowest kept id of each group, else the lowest, looked up through what each id means. */
function lowestOfGroups(
  pool: TypePool,
  { color, count }: Coloring,
  meaning: Uint32Array,
  kept: Uint8Array | undefined,
): Uint32Array {
  const { sameAs } = pool;
  const canonical = new Uint32Array(color.length);
  for (let id = 1; id < color.length; id++) canonical[id] = color[meaning[sameAs[id]!]!]!;
  const lowest = new Uint32Array(count);
  const standsForItself = (id: number): boolean => meaning[sameAs[id]!] === sameAs[id];
  for (let id = color.length - 1; id > 0; id--) {
    if (standsForItself(id)) lowest[canonical[id]!] = id;
  }
  if (kept !== undefined) {
    for (let id = color.length - 1; id > 0; id--) {
      if (kept[id] === 1 && standsForItself(id)) lowest[canonical[id]!] = id;
    }
  }
  for (let id = 1; id < color.length; id++) canonical[id] = lowest[canonical[id]!]!;
  return canonical;
}

/** The same with nothing merged but what shares its words. */
function lowestOfMeanings(
  pool: TypePool,
  meaning: Uint32Array,
  kept: Uint8Array | undefined,
): Uint32Array {
  const { count } = pool;
  const color = new Uint32Array(count);
  for (let id = 1; id < count; id++) color[id] = id;
  return lowestOfGroups(pool, { color, count }, meaning, kept);
}
