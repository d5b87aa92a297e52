import { type Coloring, hashSlots, type TypeGraph } from './dedup-graph.js';
import { mix } from './type-shape.js';

/** What {@link refine} starts from. */
export interface Refinement {
  readonly graph: TypeGraph;
  /** The grouping to refine. */
  readonly start: Coloring;
  /**
   * The types that may have to be split from others of their group: all of a group, or those of a group that stood
   * before that refer to what left another. Left out: all types.
   */
  readonly suspects?: Uint32Array;
  /** 1 for types whose group stays whole whatever they refer to. */
  readonly frozen?: Uint8Array;
}

/**
 * References looked at per reference of the graph before {@link refine} gives up. Types written by
 * compilers need about five; only a graph made for the purpose comes near the bound.
 */
const EFFORT = 400;
/** References any graph may look at, so that small ones never come near the bound. */
const MINIMUM_EFFORT = 20_000_000;

/**
 * Splits groups until all members of each group refer, word by word, to members of the same groups:
 * the coarsest such grouping within `start`. Types in one group then cannot be told apart by
 * following references, however long, cycles included.
 *
 * Partition refinement in rounds: a round looks only at types that refer to one whose group was
 * split off in the round before, and the largest part of a group keeps its number, so that the
 * work is near linear in the references. Returns `undefined` when the bound on the work is reached.
 */
export function refine({ graph, start, suspects, frozen }: Refinement): Coloring | undefined {
  const { count, edgeStart, edges, userStart, users } = graph;
  const color = start.color.slice();
  let colors = start.count;
  const sizeOf = new Uint32Array(count + 1);
  for (let id = 0; id < count; id++) sizeOf[color[id]!]!++;

  // What is alone in its group or refers to nothing cannot be split off.
  let pending = new Uint32Array(suspects?.length ?? count);
  let pendingCount = 0;
  for (let i = 0; i < pending.length; i++) {
    const id = suspects === undefined ? i : suspects[i]!;
    if (sizeOf[color[id]!] === 1 || edgeStart[id + 1] === edgeStart[id]) continue;
    if (frozen === undefined || frozen[id] === 0) pending[pendingCount++] = id;
  }
  let following = new Uint32Array(Math.max(count, 1));
  const queued = new Uint8Array(count);
  // Per color, valid during a round: how many of its types are pending; its largest part + 1.
  const pendingOf = new Uint32Array(count + 1);
  const keptPart = new Uint32Array(count + 1);
  // Per part of a round: its first type, how many it has, the color it gets.
  const partFirst = new Uint32Array(pendingCount || 1);
  const partSize = new Uint32Array(pendingCount || 1);
  const partColor = new Uint32Array(pendingCount || 1);
  let rounds = { partFirst, partSize, partColor };
  let partOf = new Uint32Array(pendingCount || 1);
  const { slots, mask: fullMask } = hashSlots(Math.max(pendingCount, 1));
  let table = slots;
  let tableMask = fullMask;
  let effort = Math.max(MINIMUM_EFFORT, edges.length * EFFORT);

  while (pendingCount > 0) {
    if (partOf.length < pendingCount) {
      partOf = new Uint32Array(count);
      rounds = {
        partFirst: new Uint32Array(count),
        partSize: new Uint32Array(count),
        partColor: new Uint32Array(count),
      };
      ({ slots: table, mask: tableMask } = hashSlots(count));
    }
    // A small round uses, and so clears, only the start of the table.
    let mask = tableMask;
    while (mask > 15 && mask >> 1 >= pendingCount * 2) mask >>= 1;
    table.fill(0, 0, mask + 1);
    const { partFirst: first, partSize: size, partColor: newColor } = rounds;
    let parts = 0;

    for (let i = 0; i < pendingCount; i++) {
      const id = pending[i]!;
      const own = color[id]!;
      const from = edgeStart[id]!;
      const degree = edgeStart[id + 1]! - from;
      let hash = mix(0x2545f491, own);
      for (let k = 0; k < degree; k++) hash = mix(hash, color[edges[from + k]!]!);
      effort -= degree + 1;
      let slot = hash & mask;
      for (;;) {
        const part = table[slot]! - 1;
        if (part < 0) {
          table[slot] = ++parts;
          first[parts - 1] = id;
          size[parts - 1] = 1;
          partOf[i] = parts - 1;
          break;
        }
        const other = first[part]!;
        if (color[other] === own) {
          const otherFrom = edgeStart[other]!;
          let k = 0;
          while (k < degree && color[edges[from + k]!] === color[edges[otherFrom + k]!]) k++;
          if (k === degree) {
            size[part]!++;
            partOf[i] = part;
            break;
          }
        }
        slot = (slot + 1) & mask;
      }
      pendingOf[own]!++;
    }
    if (effort < 0) return undefined;

    // A group all of whose types were looked at keeps its number for its largest part. Of any other
    // group the types not looked at keep it: what they refer to has not changed.
    for (let part = 0; part < parts; part++) {
      const own = color[first[part]!]!;
      if (pendingOf[own] !== sizeOf[own]) continue;
      const kept = keptPart[own]!;
      if (kept === 0 || size[part]! > size[kept - 1]!) keptPart[own] = part + 1;
    }
    for (let part = 0; part < parts; part++) {
      const own = color[first[part]!]!;
      newColor[part] = keptPart[own] === part + 1 ? own : colors++;
    }
    for (let part = 0; part < parts; part++) {
      const own = color[first[part]!]!;
      pendingOf[own] = 0;
      keptPart[own] = 0;
      if (newColor[part] !== own) {
        sizeOf[own] = sizeOf[own]! - size[part]!;
        sizeOf[newColor[part]!] = size[part]!;
      }
    }

    let changed = 0;
    for (let i = 0; i < pendingCount; i++) {
      const id = pending[i]!;
      const next = newColor[partOf[i]!]!;
      if (color[id] === next) continue;
      color[id] = next;
      pending[changed++] = id;
    }
    let followers = 0;
    for (let i = 0; i < changed; i++) {
      const id = pending[i]!;
      const end = userStart[id + 1]!;
      effort -= end - userStart[id]!;
      for (let k = userStart[id]!; k < end; k++) {
        const user = users[k]!;
        if (queued[user] === 1 || sizeOf[color[user]!] === 1) continue;
        if (frozen !== undefined && frozen[user] === 1) continue;
        queued[user] = 1;
        following[followers++] = user;
      }
    }
    for (let i = 0; i < followers; i++) queued[following[i]!] = 0;
    const spare = pending.length < count ? new Uint32Array(count) : pending;
    pending = following;
    pendingCount = followers;
    following = spare;
  }
  return { color, count: colors };
}
