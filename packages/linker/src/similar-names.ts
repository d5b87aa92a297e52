import { STT_FUNC, symbolName } from '@bpf-ld/elf-reader';
import { objectOf, UNDEFINED, type SymbolId } from '@bpf-ld/symbol-resolver';
import type { LinkState } from './relocate.js';

/** Names looked up, at most: each costs a pass over the names of its length, and nobody reads more of them. */
const maximumNames = 20;
/** Edits beyond which a name is another name and no slip of the finger. */
const maximumEdits = 3;

/**
 * For undefined names a hint where there is one: a function of that name that is static in its object, or else the
 * defined global name the fewest edits away.
 *
 * @param missing undefined names in the order of their reports
 */
export function similarNames(
  state: LinkState,
  missing: readonly string[],
): ReadonlyMap<string, string> {
  const hints = new Map<string, string>();
  const names = missing.slice(0, maximumNames);
  if (names.length === 0) return hints;
  const statics = staticFunctions(state, new Set(names));
  let byLength: ReadonlyMap<number, readonly Candidate[]> | undefined;
  for (const name of names) {
    const owner = statics.get(name);
    if (owner !== undefined) {
      hints.set(name, `${name} is static in ${owner}, where no other object can refer to it`);
      continue;
    }
    const nearest = nearestName(name, (byLength ??= definedNames(state)));
    if (nearest) hints.set(name, `did you mean ${nearest.name}, defined in ${nearest.object}?`);
  }
  return hints;
}

interface Candidate {
  readonly name: string;
  readonly object: string;
}

/** The first object that has a local function of each of these names. */
function staticFunctions(
  { objects, resolution }: LinkState,
  names: ReadonlySet<string>,
): ReadonlyMap<string, string> {
  const { strings, symbolBase } = resolution;
  const wanted = new Map([...names].map((name) => [strings.internText(name) as number, name]));
  const owners = new Map<string, string>();
  objects.forEach(({ elf }, object) => {
    const { symbols } = elf;
    for (let i = 1; i < symbols.count; i++) {
      if (symbols.type[i] !== STT_FUNC || symbols.section[i]! <= 0) continue;
      const id = symbolBase[object]! + i;
      if (resolution.global[id]! >= 0 || !wanted.has(resolution.name[id]!)) continue;
      const name = symbolName(elf, i);
      if (!owners.has(name)) owners.set(name, elf.name);
    }
  });
  return owners;
}

function definedNames({
  objects,
  resolution,
}: LinkState): ReadonlyMap<number, readonly Candidate[]> {
  const { globals, strings, symbolBase } = resolution;
  const byLength = new Map<number, Candidate[]>();
  for (let global = 0; global < globals.count; global++) {
    if (globals.state[global] === UNDEFINED) continue;
    const name = strings.text(globals.name[global]!);
    const owner = objectOf(symbolBase, globals.symbol[global]! as SymbolId);
    const candidate = { name, object: objects[owner]!.elf.name };
    const known = byLength.get(name.length);
    if (known) known.push(candidate);
    else byLength.set(name.length, [candidate]);
  }
  return byLength;
}

/** The candidate the fewest edits away, where they are few enough for a slip of the finger. */
export function nearestName<T extends { readonly name: string }>(
  name: string,
  byLength: ReadonlyMap<number, readonly T[]>,
): T | undefined {
  let fewest = Math.min(maximumEdits, Math.ceil(name.length / 3)) + 1;
  let nearest: T | undefined;
  const reach = fewest - 1;
  for (let length = name.length - reach; length <= name.length + reach; length++) {
    for (const candidate of byLength.get(length) ?? []) {
      const edits = editDistance(name, candidate.name, fewest);
      if (edits >= fewest) continue;
      fewest = edits;
      nearest = candidate;
    }
  }
  return nearest;
}

/**
 * Levenshtein distance in UTF-16 units, or `limit` if it is that or more. Only the cells within `limit` of the diagonal
 * are computed, so that the cost is linear in the length of the names.
 */
export function editDistance(from: string, to: string, limit: number): number {
  if (Math.abs(from.length - to.length) >= limit) return limit;
  let previous = new Uint32Array(to.length + 1).map((_, column) => Math.min(column, limit));
  let current = new Uint32Array(to.length + 1).fill(limit);
  for (let row = 1; row <= from.length; row++) {
    const first = Math.max(1, row - limit);
    const last = Math.min(to.length, row + limit);
    let least = first === 1 ? Math.min(row, limit) : limit;
    current[first - 1] = least;
    for (let column = first; column <= last; column++) {
      const isSame = from.charCodeAt(row - 1) === to.charCodeAt(column - 1);
      const edits = Math.min(
        previous[column - 1]! + (isSame ? 0 : 1),
        previous[column]! + 1,
        current[column - 1]! + 1,
        limit,
      );
      current[column] = edits;
      least = Math.min(least, edits);
    }
    if (least >= limit) return limit;
    [previous, current] = [current, previous];
  }
  return previous[to.length]!;
}
