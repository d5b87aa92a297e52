import type { DistinctTypes } from './distinct-types.js';
import {
  BTF_KIND_DATASEC,
  BTF_KIND_FUNC_PROTO,
  BTF_KIND_VAR,
  COMMON_WORDS,
  ELEMENT_NAME,
  ELEMENT_WORDS,
  FIRST_REFERENCE,
  kindOf,
  ofKind,
  REFERENCE_STRIDE,
  referenceCount,
  vlenOf,
} from './kinds.js';
import { HASH_SEED, mix, sameShape, shapeHash } from './type-shape.js';

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

/**
 * The graph in which a reference to `t` leads to `meaning[t]`. DATASECs refer to nothing, and
 * neither does a type that means another: both stand outside of deduplication.
 */
export function buildGraph(types: DistinctTypes, meaning: Uint32Array): TypeGraph {
  const { words, typeAt, nodeOf, count } = types;
  const edgeStart = new Uint32Array(count + 1);
  let total = 0;
  for (let node = 1; node < count; node++) {
    edgeStart[node] = total;
    if (meaning[node] !== node) continue;
    const info = words[typeAt[node]! + 1]!;
    if (kindOf(info) !== BTF_KIND_DATASEC) total += referenceCount(info);
  }
  edgeStart[count] = total;
  const edges = new Uint32Array(total);
  const userStart = new Uint32Array(count + 1);
  let edge = 0;
  for (let node = 1; node < count; node++) {
    let left = edgeStart[node + 1]! - edge;
    if (left === 0) continue;
    const at = typeAt[node]!;
    const kind = kindOf(words[at + 1]!);
    const stride = REFERENCE_STRIDE[kind]!;
    let position = at + FIRST_REFERENCE[kind]!;
    for (; left > 0; left--, position += stride) {
      const target = meaning[nodeOf[words[position]!]!]!;
      edges[edge++] = target;
      userStart[target + 1]!++;
    }
  }
  for (let node = 0; node < count; node++) userStart[node + 1]! += userStart[node]!;
  const users = new Uint32Array(total);
  const next = userStart.slice();
  for (let node = 1; node < count; node++) {
    for (let i = edgeStart[node]!; i < edgeStart[node + 1]!; i++) users[next[edges[i]!]!++] = node;
  }
  return { count, edgeStart, edges, userStart, users };
}

/**
 * References that tell types apart before groups are refined: most types of a kernel are pointers and
 * modifiers, and the structs that they lead to in three steps have names.
 */
const NEIGHBOURHOOD = 3;

/** By node, a hash of all that {@link colorByShape} goes by. */
export function hashShapes({ words, typeAt, count }: DistinctTypes): Int32Array {
  // Signed: V8 keeps what is positive and beyond 31 bits on the heap.
  const hashes = new Int32Array(count);
  for (let node = 1; node < count; node++) hashes[node] = shapeHash(words, typeAt[node]!);
  return hashes;
}

/**
 * Takes what each type refers to into its hash, and what that refers to, {@link NEIGHBOURHOOD}
 * references far. What cannot be told apart however far references are followed has equal hashes.
 */
export function hashNeighbourhoods(
  { count, edgeStart, edges }: TypeGraph,
  shapes: Int32Array,
): Int32Array {
  let from = shapes;
  let spare: Int32Array | undefined;
  for (let distance = 0; distance < NEIGHBOURHOOD; distance++) {
    const to = spare ?? new Int32Array(count);
    for (let node = 1; node < count; node++) {
      let hash = shapes[node]!;
      const end = edgeStart[node + 1]!;
      for (let k = edgeStart[node]!; k < end; k++) hash = mix(hash, from[edges[k]!]!);
      to[node] = hash;
    }
    spare = distance === 0 ? undefined : from;
    from = to;
  }
  return from;
}

/**
 * Groups types by everything in them but the types they refer to, and by a hash of that or of more.
 * Each VAR, each DATASEC and each type that means another is alone.
 */
export function colorByShape(
  { words, typeAt, count }: DistinctTypes,
  meaning: Uint32Array,
  hashes: Int32Array,
): Coloring {
  const color = new Uint32Array(count);
  const { slots, mask } = hashSlots(count);
  // The first type of each color, to compare the next with.
  const first = new Uint32Array(count);
  let colors = 1;
  for (let node = 1; node < count; node++) {
    const at = typeAt[node]!;
    const kind = kindOf(words[at + 1]!);
    if (kind === BTF_KIND_VAR || kind === BTF_KIND_DATASEC || meaning[node] !== node) {
      first[colors] = node;
      color[node] = colors++;
      continue;
    }
    const hash = hashes[node]!;
    let slot = hash & mask;
    for (;;) {
      const known = slots[slot]!;
      if (known === 0) {
        first[colors] = node;
        slots[slot] = colors;
        color[node] = colors++;
        break;
      }
      const other = first[known]!;
      if (hashes[other] === hash && sameShape(words, at, typeAt[other]!)) {
        color[node] = known;
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

/** Splits groups of FUNC_PROTOs by the names of their parameters; returns also what got another color. */
export function colorByParameterNames(
  { words, typeAt, byKind }: DistinctTypes,
  meaning: Uint32Array,
  groups: Coloring,
): { readonly coloring: Coloring; readonly split: readonly number[] } {
  const color = groups.color.slice();
  let { count } = groups;
  const all = ofKind(byKind, BTF_KIND_FUNC_PROTO);
  const sizeOf = new Uint32Array(count);
  for (const node of all) if (meaning[node] === node) sizeOf[color[node]!]!++;
  const { slots, mask } = hashSlots(all.length);
  const stride = ELEMENT_WORDS[BTF_KIND_FUNC_PROTO]!;
  const nameWord = COMMON_WORDS + ELEMENT_NAME[BTF_KIND_FUNC_PROTO]!;
  const sameNames = (one: number, other: number): boolean => {
    for (let left = vlenOf(words[one + 1]!), k = nameWord; left > 0; left--, k += stride) {
      if (words[one + k] !== words[other + k]) return false;
    }
    return true;
  };
  /** 1 for groups whose first names have been met: those keep the color. */
  const met = new Uint8Array(count);
  const split: number[] = [];
  for (const node of all) {
    const group = groups.color[node]!;
    if (meaning[node] !== node || sizeOf[group] === 1) continue;
    const at = typeAt[node]!;
    let hash = mix(HASH_SEED, group);
    for (let left = vlenOf(words[at + 1]!), k = at + nameWord; left > 0; left--, k += stride) {
      hash = mix(hash, words[k]!);
    }
    let slot = hash & mask;
    for (let other; (other = slots[slot]!) !== 0; slot = (slot + 1) & mask) {
      if (groups.color[other] === group && sameNames(at, typeAt[other]!)) break;
    }
    const known = slots[slot]!;
    if (known !== 0) color[node] = color[known]!;
    else {
      slots[slot] = node;
      if (met[group] === 1) color[node] = count++;
      met[group] = 1;
    }
    if (color[node] !== group) split.push(node);
  }
  return { coloring: { color, count }, split };
}

/** By color: the lowest kept node that means itself; where none is kept, the lowest. */
export function lowestNodes(
  { color, count }: Coloring,
  meaning: Uint32Array,
  kept: Uint32Array,
): Uint32Array {
  const lowest = new Uint32Array(count);
  const lowestKept = new Uint32Array(count);
  for (let node = color.length - 1; node > 0; node--) {
    if (meaning[node] !== node) continue;
    lowest[color[node]!] = node;
    if (kept[node] !== 0) lowestKept[color[node]!] = node;
  }
  return lowestKept.map((node, group) => node || lowest[group]!);
}
