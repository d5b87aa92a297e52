/** Types that stand in the inputs only for declarations that a definition elsewhere replaced. */
import { KIND, type RawBtf, type RawType, typeForm } from '../support/raw-btf.js';
import type { RawObject } from '../support/raw-object.js';
import type { DeadRange } from './meaning.js';

const LINKAGE_EXTERN = 2;
const cache = new WeakMap<readonly RawObject[], ReadonlySet<string>>();

/**
 * Forms of the types that nothing refers to once extern declarations and losing definitions are
 * gone. A forward declaration counts as its struct.
 */
export function replacedForms(
  inputs: readonly RawObject[],
  dead: readonly DeadRange[],
): ReadonlySet<string> {
  const known = cache.get(inputs);
  if (known) return known;
  const losers = new Set(dead.map(({ symbol }) => symbol));
  const kept = new Set<string>();
  const all = new Set<string>();
  for (const { btf, ext } of inputs) {
    if (!btf) continue;
    const records = ext ? [...ext.funcInfo, ...ext.coreRelo].map((r) => r.words[0]!) : [];
    const isRoot = ({ id, kind, name }: RawType) =>
      (kind === KIND.FUNC || kind === KIND.VAR) && !isExtern(btf, id) && !losers.has(name);
    const roots = btf.types.filter(isRoot).map((type) => type.id);
    for (const id of reachable(btf, [...roots, ...records])) kept.add(plainForm(btf, id));
    for (const type of btf.types) all.add(plainForm(btf, type.id));
  }
  const replaced = new Set([...all].filter((form) => !kept.has(form)));
  cache.set(inputs, replaced);
  return replaced;
}

/** The form with forward declarations written as what they declare. */
export function withoutForward(form: string): string {
  return form.replaceAll(/\bfwd (struct|union) /g, '$1 ');
}

/** The form with every parameter unnamed. */
export function withoutParameterNames(form: string): string {
  return form.replaceAll(/([(] ?|, )[A-Za-z_]\w*:/g, '$1-:');
}

function plainForm(btf: RawBtf, id: number): string {
  return withoutForward(typeForm(btf, id));
}

function isExtern(btf: RawBtf, id: number): boolean {
  const { kind, count, extra } = btf.types[id]!;
  return (kind === KIND.FUNC ? count : extra[0]) === LINKAGE_EXTERN;
}

function reachable(btf: RawBtf, roots: readonly number[]): ReadonlySet<number> {
  const seen = new Set<number>();
  const pending = [...roots];
  while (pending.length > 0) {
    const id = pending.pop()!;
    if (seen.has(id)) continue;
    seen.add(id);
    pending.push(...referents(btf.types[id]!));
  }
  return seen;
}

function referents(type: RawType): number[] {
  switch (type.kind) {
    case KIND.INT:
    case KIND.FLOAT:
    case KIND.FWD:
    case KIND.ENUM:
    case KIND.ENUM64:
    case KIND.VOID:
      return [];
    case KIND.ARRAY:
      return [type.extra[0]!, type.extra[1]!];
    case KIND.STRUCT:
    case KIND.UNION:
    case KIND.DATASEC:
      return type.members.map((member) => member.type);
    case KIND.FUNC_PROTO:
      return [type.third, ...type.members.map((member) => member.type)];
    default:
      return [type.third];
  }
}
