import { type Coloring, lowestNodes, type TypeGraph } from './dedup-graph.js';
import { refine } from './dedup-refine.js';
import type { DistinctTypes } from './distinct-types.js';
import {
  BTF_KIND_FWD,
  BTF_KIND_STRUCT,
  BTF_KIND_UNION,
  isComposite,
  kindFlagOf,
  kindOf,
  ofKind,
} from './kinds.js';

/** Times rule 1 is taken back step by step before it is given up for all names at once. */
const MAXIMUM_RETREATS = 8;
/** Times rule 2 is applied: each makes further structs equal, which may make more so. */
const MAXIMUM_MATCHES = 16;
/** References followed by rule 2 per reference of the graph, and at least. */
const MATCH_EFFORT = 8;
const MINIMUM_MATCH_EFFORT = 1_000_000;

/**
 * Decides which struct or union each forward declaration (FWD) means.
 *
 * 1. While all structs of the name turn out to be the same type, the FWD means that type.
 * 2. Where the name stands for several types, it means the one that makes two otherwise equal
 *    structs or unions equal, the first such in order of ids; and those two become one.
 * 3. Else the FWD stays.
 *
 * Rule 1 is assumed first and taken back where it fails ({@link settle}): only so are structs found
 * equal that declare each other forward in different inputs. Inputs without FWDs cost nothing.
 */
export class ForwardDeclarations {
  readonly #types: DistinctTypes;
  /** What a reference to each id means; changed in place. */
  readonly #meaning: Uint32Array;
  /** By node, not 0 where it is kept. */
  readonly #kept: Uint32Array;
  readonly #names = new Map<number, ForwardName>();
  #retreats = 0;
  #matches = 0;

  constructor(types: DistinctTypes, meaning: Uint32Array, kept: Uint32Array) {
    this.#types = types;
    this.#meaning = meaning;
    this.#kept = kept;
    const { words, typeAt, byKind } = types;
    for (const id of ofKind(byKind, BTF_KIND_FWD)) {
      if (meaning[id] !== id || words[typeAt[id]!] === 0) continue;
      const key = nameKey(words, typeAt[id]!);
      const known = this.#names.get(key);
      if (known !== undefined) known.forwards.push(id);
      else this.#names.set(key, { forwards: [id], composites: [], state: 'assumed' });
    }
    if (this.#names.size === 0) return;
    for (const kind of [BTF_KIND_STRUCT, BTF_KIND_UNION]) {
      for (const id of ofKind(byKind, kind)) this.#nameOfComposite(id)?.composites.push(id);
    }
  }

  /** Makes each FWD mean the first composite of its name, where that has not failed. */
  assume(): void {
    for (const { state, composites, forwards } of this.#names.values()) {
      const first = composites[0];
      if (state !== 'assumed' || first === undefined) continue;
      for (const id of forwards) this.#meaning[id] = this.#meaning[first]!;
    }
  }

  /**
   * Holds what was assumed against the groups found with it. Returns true when it stands and nothing
   * further can be merged; false when meanings changed and the groups must be found anew.
   * @param byShape gives the groups of `colorByShape`
   */
  settle(graph: TypeGraph, groups: Coloring, byShape: () => Coloring): boolean {
    if (this.#names.size === 0) return true;
    if (this.#retreat(groups)) return false;
    return !this.#match(graph, groups, byShape);
  }

  /** Whether it is a struct or union that counts: one that stays and means itself. */
  #isComposite(id: number): boolean {
    const { words, typeAt } = this.#types;
    if (this.#meaning[id] !== id || !isComposite(kindOf(words[typeAt[id]! + 1]!))) return false;
    return this.#kept[id] !== 0;
  }

  /** The forward declared name a struct or union bears. */
  #nameOfComposite(id: number): ForwardName | undefined {
    const { words, typeAt } = this.#types;
    return this.#isComposite(id) ? this.#names.get(nameKey(words, typeAt[id]!)) : undefined;
  }

  /** Takes back rule 1 for names that stand for several types; whether there were any. */
  #retreat(groups: Coloring): boolean {
    const meaning = this.#meaning;
    const { color } = groups;
    const failed = new Set<ForwardName>();
    for (const name of this.#names.values()) {
      if (name.state !== 'assumed') continue;
      const [first = 0] = name.composites;
      const common = color[meaning[first]!];
      // One that has come to mean another is no type of the name any more.
      const differs = (id: number): boolean => meaning[id] === id && color[id] !== common;
      if (name.composites.some(differs)) failed.add(name);
    }
    if (failed.size === 0) return false;
    if (++this.#retreats > MAXIMUM_RETREATS) {
      for (const name of this.#names.values()) if (name.state === 'assumed') failed.add(name);
    }
    for (const name of failed) {
      name.state = 'open';
      for (const id of name.forwards) meaning[id] = id;
    }
    return true;
  }

  /** Rule 2; whether any meaning changed. */
  #match(graph: TypeGraph, groups: Coloring, byShape: () => Coloring): boolean {
    const open = [...this.#names.values()].filter(({ state }) => state === 'open');
    if (open.length === 0 || ++this.#matches > MAXIMUM_MATCHES) return false;
    const shapes = byShape();
    const lookalikes = this.#lookalikes(graph, shapes, open);
    if (lookalikes === undefined) return false;
    const matcher = new Matcher(
      this.#types,
      graph,
      shapes,
      groups,
      lowestNodes(groups, this.#meaning, this.#kept),
    );
    const leadsToOpen = this.#leadsToOpen(graph, open);
    for (const bucket of this.#buckets(groups, lookalikes, leadsToOpen)) {
      matcher.matchAll(bucket, leadsToOpen);
    }
    if (matcher.replaced.size === 0) return false;
    for (const name of open) {
      const chosen = matcher.replaced.get(groups.color[name.forwards[0]!]!);
      if (chosen === undefined) {
        // What merged may have left one type of the name.
        if (this.#retreats <= MAXIMUM_RETREATS) name.state = 'assumed';
        continue;
      }
      name.state = 'chosen';
    }
    this.#replace(groups, matcher);
    return true;
  }

  /** Makes every member of a replaced group mean what replaced it. */
  #replace(groups: Coloring, matcher: Matcher): void {
    const meaning = this.#meaning;
    const { color } = groups;
    for (let id = 1; id < color.length; id++) {
      if (meaning[id] !== id) continue;
      const end = matcher.replacement(color[id]!);
      if (end !== color[id]) meaning[id] = matcher.first[end]!;
    }
    for (let id = 1; id < color.length; id++) meaning[id] = meaning[meaning[id]!]!;
  }

  /**
   * Groups types as if every type of an open name were the same: only types of one such group can
   * be made equal by choosing what FWDs mean, so only these are compared.
   */
  #lookalikes(
    graph: TypeGraph,
    shapes: Coloring,
    open: readonly ForwardName[],
  ): Uint32Array | undefined {
    const color = shapes.color.slice();
    const frozen = new Uint8Array(graph.count);
    let count = shapes.count;
    const colorOf = new Map<ForwardName, number>();
    for (const name of open) {
      colorOf.set(name, count);
      for (const id of name.forwards) {
        color[id] = count;
        frozen[id] = 1;
      }
      count++;
    }
    const suspects: number[] = [];
    for (let id = 1; id < graph.count; id++) {
      const name = this.#nameOfComposite(id);
      const blind = name === undefined ? undefined : colorOf.get(name);
      if (blind !== undefined) {
        color[id] = blind;
        frozen[id] = 1;
      } else if (frozen[id] === 0) suspects.push(id);
    }
    // Colors that lost all their types leave gaps; they are renumbered to stay below the count.
    const start = dense(color);
    return refine({ graph, start, suspects: Uint32Array.from(suspects), frozen })?.color;
  }

  /** 1 for each type that leads to a FWD of an open name. */
  #leadsToOpen({ count, userStart, users }: TypeGraph, open: readonly ForwardName[]): Uint8Array {
    const reached = new Uint8Array(count);
    const stack: number[] = [];
    for (const name of open) for (const id of name.forwards) stack.push(id);
    for (let id; (id = stack.pop()) !== undefined;) {
      for (let k = userStart[id]!; k < userStart[id + 1]!; k++) {
        const user = users[k]!;
        if (reached[user] === 1) continue;
        reached[user] = 1;
        stack.push(user);
      }
    }
    return reached;
  }

  /** First ids of the composite groups of each lookalike group, where one leads to an open FWD. */
  #buckets(groups: Coloring, lookalikes: Uint32Array, leadsToOpen: Uint8Array): number[][] {
    const wanted = new Set<number>();
    for (let id = 1; id < lookalikes.length; id++) {
      if (leadsToOpen[id] === 1 && this.#isComposite(id)) wanted.add(lookalikes[id]!);
    }
    const buckets = new Map<number, number[]>();
    const seen = new Uint8Array(groups.count);
    for (let id = 1; id < lookalikes.length; id++) {
      const bucket = lookalikes[id]!;
      if (!wanted.has(bucket) || !this.#isComposite(id) || seen[groups.color[id]!] === 1) continue;
      seen[groups.color[id]!] = 1;
      const known = buckets.get(bucket);
      if (known === undefined) buckets.set(bucket, [id]);
      else known.push(id);
    }
    return [...buckets.values()].filter(({ length }) => length > 1);
  }
}

/** Compares types on the assumption that FWDs mean what makes them equal, and records what did. */
class Matcher {
  readonly #types: DistinctTypes;
  readonly #graph: TypeGraph;
  readonly #shapes: Coloring;
  readonly #groups: Coloring;
  /** First kept id of each group. */
  readonly first: Uint32Array;
  /** Group of composites or FWDs -> the group that replaces it. */
  readonly replaced = new Map<number, number>();
  #effort: number;

  constructor(
    types: DistinctTypes,
    graph: TypeGraph,
    shapes: Coloring,
    groups: Coloring,
    first: Uint32Array,
  ) {
    this.#types = types;
    this.#graph = graph;
    this.#shapes = shapes;
    this.#groups = groups;
    this.first = first;
    this.#effort = Math.max(MINIMUM_MATCH_EFFORT, graph.edges.length * MATCH_EFFORT);
  }

  /** The group that stands for `group` in the end. */
  replacement(group: number): number {
    let end = group;
    for (let next; (next = this.replaced.get(end)) !== undefined;) end = next;
    return end;
  }

  /** Lets each type of the bucket be replaced by the first other one it can be made equal to. */
  matchAll(bucket: readonly number[], leadsToOpen: Uint8Array): void {
    const { color } = this.#groups;
    const standing: number[] = [];
    const open: number[] = [];
    for (const id of bucket) {
      let matched = false;
      // Of two that lead to no open FWD nothing can be chosen: they differ for good.
      for (const other of leadsToOpen[id] === 1 ? standing : open) {
        if (this.#effort < 0) return;
        if (this.#compare(color[id]!, color[other]!)) {
          matched = true;
          break;
        }
      }
      if (matched) continue;
      standing.push(id);
      if (leadsToOpen[id] === 1) open.push(id);
    }
  }

  #kind(group: number): number {
    return kindAt(this.#types, this.first[group]!);
  }

  /** Walks both graphs in step; when they can be made equal, records the replacements. */
  #compare(one: number, other: number): boolean {
    const { edgeStart, edges } = this.#graph;
    const pairs = new Map<number, number>();
    const stack = [one, other];
    while (stack.length > 0) {
      const y = this.#standing(stack.pop()!);
      const x = this.#standing(stack.pop()!);
      if (x === y) continue;
      const known = pairs.get(x);
      if (known !== undefined) {
        if (known !== y) return false;
        continue;
      }
      pairs.set(x, y);
      const a = this.first[x]!;
      const b = this.first[y]!;
      // void has no first id and equals nothing else.
      if (a === 0 || b === 0) return false;
      if (this.#forwardFits(a, b)) continue;
      if (this.#shapes.color[a] !== this.#shapes.color[b]) return false;
      const from = edgeStart[a]!;
      const degree = edgeStart[a + 1]! - from;
      this.#effort -= degree + 1;
      if (this.#effort < 0) return false;
      const { color } = this.#groups;
      for (let k = degree - 1; k >= 0; k--) {
        stack.push(color[edges[from + k]!]!, color[edges[edgeStart[b]! + k]!]!);
      }
    }
    for (const [x, y] of pairs) this.#record(x, y);
    return true;
  }

  /** FWDs are looked at as they are: in each comparison they may mean something else. */
  #standing(group: number): number {
    return this.#kind(group) === BTF_KIND_FWD ? group : this.replacement(group);
  }

  #forwardFits(a: number, b: number): boolean {
    const { words, typeAt } = this.#types;
    const kind = kindAt(this.#types, a);
    const other = kindAt(this.#types, b);
    const fits =
      (kind === BTF_KIND_FWD && isComposite(other)) ||
      (other === BTF_KIND_FWD && isComposite(kind));
    return fits && nameKey(words, typeAt[a]!) === nameKey(words, typeAt[b]!);
  }

  #record(x: number, y: number): void {
    const kind = this.#kind(x);
    if (kind === BTF_KIND_FWD || this.#kind(y) === BTF_KIND_FWD) {
      const [forward, full] = kind === BTF_KIND_FWD ? [x, y] : [y, x];
      if (!this.replaced.has(forward)) this.replaced.set(forward, full);
      return;
    }
    if (!isComposite(kind)) return;
    const from = this.replacement(x);
    const to = this.replacement(y);
    if (from !== to) this.replaced.set(from, to);
  }
}

interface ForwardName {
  readonly forwards: number[];
  /** The structs or unions of the name that counted at first, by id. */
  readonly composites: number[];
  /** Rule 1 is assumed; it failed; rule 2 has chosen. */
  state: 'assumed' | 'open' | 'chosen';
}

/** The kind of a node; void has kind 0. */
function kindAt({ words, typeAt }: DistinctTypes, node: number): number {
  return node === 0 ? 0 : kindOf(words[typeAt[node]! + 1]!);
}

/** One number for the name and for whether a struct or a union is meant. */
function nameKey(words: Uint32Array, at: number): number {
  const info = words[at + 1]!;
  const kind = kindOf(info);
  const union = kind === BTF_KIND_FWD ? kindFlagOf(info) : kind !== BTF_KIND_STRUCT;
  return words[at]! * 2 + (union ? 1 : 0);
}

/** The same grouping with numbers from 0 without gaps. */
function dense(color: Uint32Array): Coloring {
  const numbers = new Map<number, number>();
  const renumbered = color.map((own) => {
    let number = numbers.get(own);
    if (number === undefined) numbers.set(own, (number = numbers.size));
    return number;
  });
  return { color: renumbered, count: numbers.size };
}
