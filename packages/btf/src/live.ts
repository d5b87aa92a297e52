import { forEachReference } from './dedup-graph.js';
import { BTF_KIND_DATASEC, BTF_KIND_DECL_TAG, kindOf } from './kinds.js';
import type { TypePool } from './type-pool.js';

/**
 * Which canonical types the output holds: 1 at their pool ids.
 *
 * A type leaves only when it was there for something that leaves. Everything reachable from
 * `dropped` (and from redirected types) may leave; it stays when something that stays, or one of
 * `roots`, reaches it. Types that nothing dropped leads to stay, referred to or not. DATASECs of the
 * inputs never stay and keep nothing. A DECL_TAG keeps nothing either: it stays with what it tags, and
 * a tag of a redirected type with what that type means, unless the type is among `dropped`.
 */
export function liveTypes(
  pool: TypePool,
  canonical: Uint32Array,
  dropped: Iterable<number>,
  roots: Iterable<number>,
): Uint8Array {
  const { words, typeAt, count } = pool;
  const stack: number[] = [];
  // 1: may leave. DATASECs do without the walk.
  const doubtful = new Uint8Array(count);
  const doubt = (id: number): void => {
    if (id !== 0 && doubtful[id] === 0) {
      doubtful[id] = 1;
      stack.push(id);
    }
  };
  const gone = new Uint8Array(count);
  for (const id of dropped) {
    gone[id] = 1;
    doubt(id);
  }
  for (const id of pool.redirected()) doubt(id);
  const doubtWord = (position: number): void => doubt(words[position]!);
  while (stack.length > 0) forEachReference(words, typeAt[stack.pop()!]!, doubtWord);

  const live = new Uint8Array(count);
  const keep = (id: number): void => {
    const own = canonical[id]!;
    if (own !== 0 && live[own] === 0) {
      live[own] = 1;
      stack.push(own);
    }
  };
  const keepWord = (position: number): void => keep(words[position]!);
  for (let id = 1; id < count; id++) {
    const kind = kindOf(words[typeAt[id]! + 1]!);
    if (doubtful[id] === 1 || kind === BTF_KIND_DATASEC || kind === BTF_KIND_DECL_TAG) continue;
    keep(id);
    // What an id itself refers to stays even where its canonical type refers to something else.
    if (canonical[id] !== id) forEachReference(words, typeAt[id]!, keepWord);
  }
  for (const id of roots) keep(id);
  while (stack.length > 0) forEachReference(words, typeAt[stack.pop()!]!, keepWord);

  for (let id = 1; id < count; id++) {
    const at = typeAt[id]!;
    if (kindOf(words[at + 1]!) !== BTF_KIND_DECL_TAG || gone[id] === 1) continue;
    const target = words[at + 2]!;
    if (gone[target] === 0 && live[canonical[target]!] === 1) live[canonical[id]!] = 1;
  }
  return live;
}
