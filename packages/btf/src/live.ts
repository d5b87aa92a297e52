import { BTF_KIND_DATASEC, BTF_KIND_DECL_TAG } from './kinds.js';
import type { TypePool } from './type-pool.js';

/**
 * Which types of the pool stay: 1 at their ids. Goes before `dedup`, which then neither picks a
 * leaving type to stand for a group nor lets one decide what a forward declaration means.
 *
 * A type leaves only when it was there for something that leaves. Everything reachable from
 * `dropped` and `doubted` (and from redirected types) may leave; it stays when something that stays, or one of
 * `roots`, reaches it. Types that nothing dropped leads to stay, referred to or not. Redirected
 * types and DATASECs of the inputs never stay and keep nothing. A DECL_TAG keeps nothing either: it
 * stays with what it tags, and a tag of a redirected type with what that type means, unless the
 * type is among `dropped`.
 */
export function keptTypes(
  pool: TypePool,
  dropped: Iterable<number>,
  roots: Iterable<number>,
  doubted: Iterable<number> = [],
): Uint8Array {
  const { count } = pool;
  const doubts: number[] = [];
  const doubtful = new Uint8Array(count);
  const doubt = (id: number): void => {
    if (id !== 0 && doubtful[id] === 0) {
      doubtful[id] = 1;
      doubts.push(id);
    }
  };
  const gone = new Uint8Array(count);
  for (const id of dropped) {
    gone[id] = 1;
    doubt(id);
  }
  for (const id of doubted) doubt(id);
  for (const id of pool.redirected()) doubt(id);
  // Grows while it is walked.
  for (let i = 0; i < doubts.length; i++) pool.forEachReference(doubts[i]!, doubt);

  // What is not doubtful stays, and with it the doubtful types it refers to.
  const kept = new Uint8Array(count).fill(1, 1);
  for (const id of doubts) kept[id] = 0;
  pool.forEachOfKind(BTF_KIND_DATASEC, (id) => (kept[id] = 0));
  pool.forEachOfKind(BTF_KIND_DECL_TAG, (id) => (kept[id] = 0));
  const stack: number[] = [];
  const keep = (id: number): void => {
    const end = pool.resolve(id);
    if (end !== 0 && kept[end] === 0) {
      kept[end] = 1;
      stack.push(end);
    }
  };
  pool.forEachReferenceTo(doubtful, (target, from) => {
    if (doubtful[from] === 0 && !isAttached(pool.kind(from))) keep(target);
  });
  for (const id of roots) keep(id);
  while (stack.length > 0) pool.forEachReference(stack.pop()!, keep);

  pool.forEachOfKind(BTF_KIND_DECL_TAG, (id) => {
    if (gone[id] === 1) return;
    pool.forEachReference(id, (target) => {
      if (gone[target] === 0 && kept[pool.resolve(target)] === 1) kept[id] = 1;
    });
  });
  return kept;
}

/** Whether a type is there for others alone: one that lists variables, or a tag. */
function isAttached(kind: number): boolean {
  return kind === BTF_KIND_DATASEC || kind === BTF_KIND_DECL_TAG;
}
