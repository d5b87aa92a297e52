import {
  BTF_KIND_ARRAY,
  BTF_KIND_ENUM,
  BTF_KIND_ENUM64,
  BTF_KIND_FLOAT,
  BTF_KIND_FUNC,
  BTF_KIND_FUNC_PROTO,
  BTF_KIND_FWD,
  BTF_KIND_INT,
  BTF_KIND_PTR,
  BTF_KIND_STRUCT,
  BTF_KIND_UNION,
  BTF_KIND_VAR,
  COMMON_WORDS,
  isComposite,
  isEnum,
  isModifier,
  kindName,
} from './kinds.js';
import { printType } from './print-c.js';
import type { TypePool } from './type-pool.js';

/** The first place where two declarations differ. */
export interface Mismatch {
  /** Where and what: `parameter 2: int (4 bytes) against long (8 bytes)`. */
  readonly reason: string;
  /** The way from the declarations to the difference, outermost step first. */
  readonly path: readonly string[];
  /** Pool ids of the types that differ. */
  readonly a: number;
  readonly b: number;
}

/** A step on the way to a pair of types; a list, because most pairs never need their path. */
interface Step {
  readonly label: string;
  readonly outer: Step | undefined;
}

interface Pair {
  readonly a: number;
  readonly b: number;
  /** Whether structs and unions must agree member by member; not so behind a pointer. */
  readonly exact: boolean;
  readonly step: Step | undefined;
  /** What is different for certain, to be said unless something before it in the source is, too. */
  readonly verdict?: string;
}

/**
 * Whether two declarations (VAR with VAR, FUNC with FUNC, or any two types) may be one thing:
 * `undefined` if so, else the first difference. Typedefs and qualifiers are skipped. INT and FLOAT
 * agree by size, ENUM by name and size (a forward declaration by name), ARRAY by element, PTR by the shape of the pointee (a forward
 * declaration fits its struct or union, contents do not count), STRUCT and UNION by name and by
 * names, offsets and types of the members, prototypes by types alone (an {@link isEmptyPrototype empty} one agrees with all,
 * one that {@link leavesParametersOpen leaves parameters open} with all parameters).
 *
 * Types with one canonical id agree at once, and each pair is looked at once, so cycles end.
 */
export function compareDeclarations(
  pool: TypePool,
  canonical: Uint32Array,
  a: number,
  b: number,
): Mismatch | undefined {
  const stack: Pair[] = [{ a, b, exact: true, step: undefined }];
  const seen = new Set<number>();
  for (let pair; (pair = stack.pop()) !== undefined;) {
    if (pair.verdict !== undefined) {
      const path = pathOf(pair.step);
      return { reason: [...path, pair.verdict].join(': '), path, a: pair.a, b: pair.b };
    }
    const one = skipModifiers(pool, pair.a);
    const other = skipModifiers(pool, pair.b);
    if (canonical[one] === canonical[other]) continue;
    const key = (one * pool.count + other) * 2 + (pair.exact ? 1 : 0);
    if (seen.has(key)) continue;
    seen.add(key);
    const difference = compareOne(pool, { ...pair, a: one, b: other }, stack);
    if (difference !== undefined) {
      const path = pathOf(pair.step);
      return { reason: [...path, difference].join(': '), path, a: one, b: other };
    }
  }
  return undefined;
}

/** The type under typedefs, qualifiers and type tags. The readers refuse endless chains. */
export function skipModifiers(pool: TypePool, id: number): number {
  // A redirect could close a chain that no input closed; no honest chain is as long as the pool.
  for (let steps = 0; steps < pool.count && isModifier(pool.kind(id)); steps++) {
    id = pool.sizeOrType(id);
  }
  return id;
}

/** Steps told at either end of a path; what lies between helps nobody and may be endless. */
const TOLD_STEPS = 4;

function pathOf(step: Step | undefined): string[] {
  const path: string[] = [];
  for (let at = step; at !== undefined; at = at.outer) path.push(at.label);
  path.reverse();
  if (path.length <= 2 * TOLD_STEPS) return path;
  return [...path.slice(0, TOLD_STEPS), '…', ...path.slice(-TOLD_STEPS)];
}

/** Compares two types but for what they refer to, which goes on the stack; returns a difference. */
function compareOne(pool: TypePool, pair: Pair, stack: Pair[]): string | undefined {
  const { a, b, exact, step } = pair;
  const kind = pool.kind(a);
  const otherKind = pool.kind(b);
  if (!exact && (kind === BTF_KIND_FWD) !== (otherKind === BTF_KIND_FWD)) {
    return forwardFits(pool, a, b) ? undefined : against(pool, a, b);
  }
  if (isForwardEnum(pool, a) || isForwardEnum(pool, b)) {
    const fits = isEnum(kind) && isEnum(otherKind) && pool.nameId(a) === pool.nameId(b);
    return fits ? undefined : against(pool, a, b);
  }
  if (kind !== otherKind) return against(pool, a, b);
  switch (kind) {
    case BTF_KIND_INT:
    case BTF_KIND_FLOAT:
      return pool.sizeOrType(a) === pool.sizeOrType(b) ? undefined : sizesAgainst(pool, a, b);
    case BTF_KIND_ENUM:
    case BTF_KIND_ENUM64:
      if (pool.nameId(a) !== pool.nameId(b)) return against(pool, a, b);
      return pool.sizeOrType(a) === pool.sizeOrType(b) ? undefined : sizesAgainst(pool, a, b);
    case BTF_KIND_FWD:
      return pool.nameId(a) === pool.nameId(b) && pool.kindFlag(a) === pool.kindFlag(b)
        ? undefined
        : against(pool, a, b);
    case BTF_KIND_PTR:
      stack.push({ a: pool.sizeOrType(a), b: pool.sizeOrType(b), exact: false, step });
      return undefined;
    case BTF_KIND_ARRAY:
      stack.push({
        a: pool.word(a, COMMON_WORDS),
        b: pool.word(b, COMMON_WORDS),
        exact,
        step: { label: 'element', outer: step },
      });
      return undefined;
    case BTF_KIND_STRUCT:
    case BTF_KIND_UNION:
      if (pool.nameId(a) !== pool.nameId(b)) return against(pool, a, b);
      return exact ? compareMembers(pool, pair, stack) : undefined;
    case BTF_KIND_FUNC_PROTO:
      return compareParameters(pool, pair, stack);
    case BTF_KIND_VAR:
    case BTF_KIND_FUNC:
      if (pool.nameId(a) !== pool.nameId(b)) return `'${pool.name(a)}' against '${pool.name(b)}'`;
      stack.push({ a: pool.sizeOrType(a), b: pool.sizeOrType(b), exact, step });
      return undefined;
    default:
      return kind === 0 ? undefined : against(pool, a, b);
  }
}

/** Whether one is the forward declaration of the other. */
function forwardFits(pool: TypePool, a: number, b: number): boolean {
  const [forward, full] = pool.kind(a) === BTF_KIND_FWD ? [a, b] : [b, a];
  if (!isComposite(pool.kind(full)) || pool.nameId(forward) !== pool.nameId(full)) return false;
  return pool.kindFlag(forward) === (pool.kind(full) === BTF_KIND_UNION);
}

/** `enum name;` is an enum of size 0 without values, and says nothing of either. */
function isForwardEnum(pool: TypePool, id: number): boolean {
  return isEnum(pool.kind(id)) && pool.vlen(id) === 0 && pool.nameId(id) !== 0;
}

function compareMembers(pool: TypePool, pair: Pair, stack: Pair[]): string | undefined {
  const { a, b, exact, step } = pair;
  const count = pool.vlen(a);
  const otherCount = pool.vlen(b);
  const inner: Pair[] = [];
  // Members of a struct have names one has to look at in order, even when the counts differ.
  for (let i = 0; i < Math.min(count, otherCount); i++) {
    const at = COMMON_WORDS + 3 * i;
    const name = memberName(pool, a, i);
    const otherName = memberName(pool, b, i);
    if (name !== otherName) return `member ${i + 1}: '${name}' against '${otherName}'`;
    const label = name === '' ? `member ${i + 1}` : `member '${name}'`;
    const offset = memberOffset(pool, a, at);
    const otherOffset = memberOffset(pool, b, at);
    if (offset.bits !== otherOffset.bits) {
      return `${label}: at ${bits(offset.bits)} against ${bits(otherOffset.bits)}`;
    }
    if (offset.width !== otherOffset.width) {
      return `${label}: ${widths(offset.width)} against ${widths(otherOffset.width)}`;
    }
    inner.push({
      a: pool.word(a, at + 1),
      b: pool.word(b, at + 1),
      exact,
      step: { label, outer: step },
    });
  }
  if (count !== otherCount) {
    const verdict = `${count} members against ${otherCount}`;
    inner.push({ a, b, exact, step, verdict });
  }
  pushInOrder(stack, inner);
  return undefined;
}

function memberName(pool: TypePool, id: number, index: number): string {
  return pool.strings.text(pool.elementName(id, COMMON_WORDS + 3 * index));
}

/** Offset in bits and, of a bit field, width in bits (0 of any other member). */
function memberOffset(
  pool: TypePool,
  id: number,
  at: number,
): { readonly bits: number; readonly width: number } {
  const word = pool.word(id, at + 2);
  return pool.kindFlag(id)
    ? { bits: word & 0xffffff, width: word >>> 24 }
    : { bits: word, width: 0 };
}

function bits(offset: number): string {
  return offset % 8 === 0 ? `byte ${offset / 8}` : `bit ${offset}`;
}

function widths(width: number): string {
  return width === 0 ? 'no bit field' : `${width} bits`;
}

/**
 * Whether a prototype has a void parameter that is not the last, which no C type has (btf.rst: the last one of a
 * variadic prototype is void). clang 19 gives one to a function that is declared by a typedef of its type and not
 * called directly; it says nothing of the function.
 */
export function isEmptyPrototype(pool: TypePool, id: number): boolean {
  if (pool.kind(id) !== BTF_KIND_FUNC_PROTO) return false;
  for (let i = 0; i + 1 < pool.vlen(id); i++) {
    if (pool.word(id, COMMON_WORDS + 2 * i + 1) === 0) return true;
  }
  return false;
}

/**
 * Whether a prototype is that of `int f()`, which before C23 says nothing of the parameters: compilers write it as
 * variadic without a first parameter.
 */
export function leavesParametersOpen(pool: TypePool, id: number): boolean {
  return (
    pool.kind(id) === BTF_KIND_FUNC_PROTO &&
    pool.vlen(id) === 1 &&
    pool.word(id, COMMON_WORDS + 1) === 0
  );
}

function compareParameters(pool: TypePool, pair: Pair, stack: Pair[]): string | undefined {
  const { a, b, exact, step } = pair;
  if (isEmptyPrototype(pool, a) || isEmptyPrototype(pool, b)) return undefined;
  const isOpen = leavesParametersOpen(pool, a) || leavesParametersOpen(pool, b);
  const count = isOpen ? 0 : pool.vlen(a);
  if (!isOpen && count !== pool.vlen(b)) return `${count} parameters against ${pool.vlen(b)}`;
  const inner: Pair[] = [];
  for (let i = 0; i < count; i++) {
    const at = COMMON_WORDS + 2 * i + 1;
    inner.push({
      a: pool.word(a, at),
      b: pool.word(b, at),
      exact,
      step: { label: `parameter ${i + 1}`, outer: step },
    });
  }
  inner.push({
    a: pool.sizeOrType(a),
    b: pool.sizeOrType(b),
    exact,
    step: { label: 'return value', outer: step },
  });
  pushInOrder(stack, inner);
  return undefined;
}

/** Puts `pairs` on the stack so that the first is looked at first. */
function pushInOrder(stack: Pair[], pairs: readonly Pair[]): void {
  for (let i = pairs.length - 1; i >= 0; i--) stack.push(pairs[i]!);
}

function against(pool: TypePool, a: number, b: number): string {
  return `${describe(pool, a)} against ${describe(pool, b)}`;
}

function sizesAgainst(pool: TypePool, a: number, b: number): string {
  const one = `${describe(pool, a)} (${pool.sizeOrType(a)} bytes)`;
  return `${one} against ${describe(pool, b)} (${pool.sizeOrType(b)} bytes)`;
}

function describe(pool: TypePool, id: number): string {
  const kind = pool.kind(id);
  if (kind === BTF_KIND_VAR || kind === BTF_KIND_FUNC) return `${kindName(kind)} ${pool.name(id)}`;
  return oneLine(printType(pool, id));
}

/** Characters of a type that still read as part of a sentence. */
const MAXIMUM_DESCRIPTION = 80;

/** A type as part of a message: an anonymous struct's body on one line, cut where it goes on. */
function oneLine(text: string): string {
  const line = text.replace(/\s*\n\s*/g, ' ');
  return line.length <= MAXIMUM_DESCRIPTION ? line : `${line.slice(0, MAXIMUM_DESCRIPTION)}…`;
}
