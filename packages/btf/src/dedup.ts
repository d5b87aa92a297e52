import {
  buildGraph,
  colorByShape,
  type Coloring,
  initialMeaning,
  lowestIds,
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
  const forwards = new ForwardDeclarations(pool, meaning, kept);
  for (;;) {
    forwards.assume();
    const graph = buildGraph(pool, meaning);
    const shapes = colorByShape(pool, meaning);
    const groups = refine({ graph, start: shapes, suspects: allTypes(pool) });
    // Nothing merged is always right, and enough for a graph made to exhaust the linker.
    if (groups === undefined) return initialMeaning(pool, kept);
    if (!forwards.settle(graph, shapes, groups)) continue;
    const named = refineByParameterNames(pool, graph, groups);
    return lowestOfGroups(named ?? groups, meaning, kept);
  }
}

function allTypes(pool: TypePool): Uint32Array {
  const all = new Uint32Array(pool.count - 1);
  for (let i = 0; i < all.length; i++) all[i] = i + 1;
  return all;
}

/** Splits prototypes with different parameter names, and what refers to them, but no composite. */
function refineByParameterNames(
  pool: TypePool,
  graph: TypeGraph,
  groups: Coloring,
): Coloring | undefined {
  const { words, typeAt, count } = pool;
  const { names, prototypes } = numberParameterNames(pool);
  const frozen = new Uint8Array(count);
  for (let id = 1; id < count; id++) {
    const kind = kindOf(words[typeAt[id]! + 1]!);
    if (isComposite(kind) || isEnum(kind) || kind === BTF_KIND_FWD) frozen[id] = 1;
  }
  return refine({ graph, start: groups, suspects: prototypes, salt: names, frozen });
}

/** The lowest kept id of each group, else the lowest, looked up through what each id means. */
function lowestOfGroups(
  groups: Coloring,
  meaning: Uint32Array,
  kept: Uint8Array | undefined,
): Uint32Array {
  const { color } = groups;
  const lowest = lowestIds(groups, meaning, kept);
  const canonical = new Uint32Array(color.length);
  for (let id = 1; id < color.length; id++) canonical[id] = lowest[color[meaning[id]!]!]!;
  return canonical;
}
