import {
  buildGraph,
  colorByShape,
  type Coloring,
  hashNeighbourhoods,
  hashShapes,
  colorByParameterNames,
  type TypeGraph,
} from './dedup-graph.js';
import { ForwardDeclarations } from './dedup-forward.js';
import { refine } from './dedup-refine.js';
import { type DistinctTypes, distinctTypes, initialMeaning, keptIds } from './distinct-types.js';
import {
  BTF_KIND_ENUM,
  BTF_KIND_ENUM64,
  BTF_KIND_FWD,
  BTF_KIND_STRUCT,
  BTF_KIND_UNION,
  ofKind,
} from './kinds.js';
import type { TypePool } from './type-pool.js';

/** The kinds that names of parameters, wherever they are reached, do not distinguish. */
const NOT_SPLIT_BY_NAMES = [
  BTF_KIND_STRUCT,
  BTF_KIND_UNION,
  BTF_KIND_ENUM,
  BTF_KIND_ENUM64,
  BTF_KIND_FWD,
] as const;

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
  const types = distinctTypes(pool);
  const meaning = initialMeaning(pool, types, kept);
  const lowestKept = keptIds(types, kept);
  const forwards = new ForwardDeclarations(types, meaning, lowestKept);
  const shapes = hashShapes(types);
  for (;;) {
    forwards.assume();
    const graph = buildGraph(types, meaning);
    const start = colorByShape(types, meaning, hashNeighbourhoods(graph, shapes));
    const groups = refine({ graph, start });
    // Nothing merged is always right, and enough for a graph made to exhaust the linker.
    if (groups === undefined) {
      return lowestIds(types, nothingMerged(types), initialMeaning(pool, types, kept), lowestKept);
    }
    const byShape = (): Coloring => colorByShape(types, meaning, shapes);
    if (!forwards.settle(graph, groups, byShape)) continue;
    const named = refineByParameterNames(types, graph, groups, meaning);
    return lowestIds(types, named ?? groups, meaning, lowestKept);
  }
}

/** Splits prototypes with different parameter names, and what refers to them, but no composite. */
function refineByParameterNames(
  types: DistinctTypes,
  graph: TypeGraph,
  groups: Coloring,
  meaning: Uint32Array,
): Coloring | undefined {
  const { byKind, count } = types;
  const { coloring, split } = colorByParameterNames(types, meaning, groups);
  const { users, userStart } = graph;
  const suspects = new Set<number>();
  for (const node of split) {
    for (let k = userStart[node]!; k < userStart[node + 1]!; k++) suspects.add(users[k]!);
  }
  const frozen = new Uint8Array(count);
  for (const kind of NOT_SPLIT_BY_NAMES) for (const node of ofKind(byKind, kind)) frozen[node] = 1;
  return refine({ graph, start: coloring, suspects: Uint32Array.from(suspects), frozen });
}

/**
 * By pool id: the lowest kept id of the group of what it means, see `keptIds`; where none is kept, that
 * of its lowest node.
 */
function lowestIds(
  { nodeOf, ids }: DistinctTypes,
  { color, count }: Coloring,
  meaning: Uint32Array,
  kept: Uint32Array,
): Uint32Array {
  const ofGroup = new Uint32Array(count);
  for (let node = color.length - 1; node > 0; node--) {
    if (meaning[node] === node) ofGroup[color[node]!] = ids[node]!;
  }
  const isKept = new Uint8Array(count);
  for (let node = 1; node < color.length; node++) {
    const id = kept[node]!;
    const group = color[node]!;
    if (id === 0 || meaning[node] !== node) continue;
    if (isKept[group] === 0 || id < ofGroup[group]!) ofGroup[group] = id;
    isKept[group] = 1;
  }
  const ofNode = new Uint32Array(color.length);
  for (let node = 1; node < color.length; node++) ofNode[node] = ofGroup[color[meaning[node]!]!]!;
  const canonical = new Uint32Array(nodeOf.length);
  for (let id = 1; id < canonical.length; id++) canonical[id] = ofNode[nodeOf[id]!]!;
  return canonical;
}

/** The groups of types when nothing is merged but what shares its words. */
function nothingMerged({ count }: DistinctTypes): Coloring {
  return { color: Uint32Array.from({ length: count }, (_, node) => node), count };
}
