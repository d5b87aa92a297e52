import type { StringId } from '@bpf-ld/elf-reader';
import {
  BTF_KIND_ARRAY,
  BTF_KIND_CONST,
  BTF_KIND_DATASEC,
  BTF_KIND_DECL_TAG,
  BTF_KIND_ENUM,
  BTF_KIND_ENUM64,
  BTF_KIND_FUNC,
  BTF_KIND_FUNC_PROTO,
  BTF_KIND_FWD,
  BTF_KIND_PTR,
  BTF_KIND_RESTRICT,
  BTF_KIND_STRUCT,
  BTF_KIND_TYPE_TAG,
  BTF_KIND_TYPEDEF,
  BTF_KIND_UNION,
  BTF_KIND_VAR,
  BTF_KIND_VOLATILE,
  BTF_LINKAGE_EXTERN,
  BTF_LINKAGE_STATIC,
  COMMON_WORDS,
  kindName,
} from './kinds.js';
import type { TypePool } from './type-pool.js';

/** Derivations (pointers, arrays, modifiers) and nested bodies printed before `...` stands for the rest. */
const MAXIMUM_DEPTH = 32;
/** Members, enumerators and parameters printed in all. */
const MAXIMUM_ITEMS = 1000;

/** Characters printed of a name. */
const MAXIMUM_NAME = 200;

/** How much may still be printed; shared by all parts of one declaration. */
interface Budget {
  items: number;
}

/**
 * The C declaration of a VAR, FUNC, typedef, struct, union or enum; for any other type, the type.
 * `extern int helper(struct event *e, __u32 len)`, `int (*handlers[4])(void *)`. Without semicolon.
 * Output is bounded: what goes on too long ends in `...`.
 */
export function printDeclaration(pool: TypePool, id: number): string {
  const budget: Budget = { items: MAXIMUM_ITEMS };
  const type = pool.resolve(pool.sizeOrType(id));
  switch (pool.kind(id)) {
    case BTF_KIND_VAR:
    case BTF_KIND_FUNC: {
      const linkage = pool.linkage(id);
      const prefix =
        linkage === BTF_LINKAGE_EXTERN
          ? 'extern '
          : linkage === BTF_LINKAGE_STATIC
            ? 'static '
            : '';
      return prefix + declare(pool, type, cut(pool.name(id)), budget, 0);
    }
    case BTF_KIND_TYPEDEF:
      return `typedef ${declare(pool, type, cut(pool.name(id)), budget, 0)}`;
    case BTF_KIND_STRUCT:
    case BTF_KIND_UNION:
    case BTF_KIND_ENUM:
    case BTF_KIND_ENUM64:
      return printBody(pool, id, budget, 0, '');
    default:
      return declare(pool, id, '', budget, 0);
  }
}

/** The type as C writes it in a cast: `const struct event *`, `int (*)(void *, int)`. */
export function printType(pool: TypePool, id: number): string {
  return declare(pool, id, '', { items: MAXIMUM_ITEMS }, 0);
}

/**
 * Joins a type and a declarator: from the name outwards, each pointer, array and function wraps the
 * declarator; what is left at the end is the specifier that stands before it.
 */
function declare(
  pool: TypePool,
  id: number,
  name: string,
  budget: Budget,
  depth: number,
  indent = '',
): string {
  let declarator = name;
  let type = pool.resolve(id);
  let qualifiers = '';
  // A qualifier met on the way belongs to the type below it: a pointer takes it behind its star.
  for (let steps = depth; ; steps++) {
    if (steps >= MAXIMUM_DEPTH) return join('...', declarator);
    const kind = pool.kind(type);
    const next = pool.resolve(pool.sizeOrType(type));
    switch (kind) {
      case BTF_KIND_CONST:
        qualifiers += 'const ';
        type = next;
        continue;
      case BTF_KIND_VOLATILE:
        qualifiers += 'volatile ';
        type = next;
        continue;
      case BTF_KIND_RESTRICT:
        qualifiers += 'restrict ';
        type = next;
        continue;
      case BTF_KIND_TYPE_TAG:
        type = next;
        continue;
      case BTF_KIND_PTR: {
        const star = qualifiers === '' ? '*' : `*${qualifiers}`;
        declarator = declarator === '' ? star.trimEnd() : star + declarator;
        qualifiers = '';
        const below = pool.kind(withoutTags(pool, next));
        if (below === BTF_KIND_ARRAY || below === BTF_KIND_FUNC_PROTO) {
          declarator = `(${declarator})`;
        }
        type = next;
        continue;
      }
      case BTF_KIND_ARRAY:
        declarator += `[${pool.word(type, 5) || ''}]`;
        type = pool.resolve(pool.word(type, 3));
        continue;
      case BTF_KIND_FUNC_PROTO:
        declarator += `(${printParameters(pool, type, budget, steps + 1)})`;
        type = next;
        qualifiers = '';
        continue;
      case BTF_KIND_FUNC:
        type = next;
        continue;
      default:
        return join(qualifiers + printSpecifier(pool, type, budget, steps, indent), declarator);
    }
  }
}

/** The type under type tags, which C writes nowhere that matters to brackets. */
function withoutTags(pool: TypePool, id: number): number {
  let type = id;
  for (let steps = 0; steps < MAXIMUM_DEPTH && pool.kind(type) === BTF_KIND_TYPE_TAG; steps++) {
    type = pool.resolve(pool.sizeOrType(type));
  }
  return type;
}

function join(specifier: string, declarator: string): string {
  return declarator === '' ? specifier : `${specifier} ${declarator}`;
}

function printParameters(pool: TypePool, prototype: number, budget: Budget, depth: number): string {
  const count = pool.vlen(prototype);
  if (count === 0) return 'void';
  const parameters: string[] = [];
  for (let i = 0; i < count; i++) {
    if (budget.items-- <= 0) {
      parameters.push('...');
      break;
    }
    const nameId = pool.word(prototype, COMMON_WORDS + 2 * i);
    const type = pool.word(prototype, COMMON_WORDS + 2 * i + 1);
    // A last parameter without type and name is the ellipsis of the source.
    if (type === 0 && nameId === 0 && i === count - 1) parameters.push('...');
    else parameters.push(declare(pool, type, text(pool, nameId), budget, depth));
  }
  return parameters.join(', ');
}

/** What stands before the declarator: a name, or the body of what has none. */
function printSpecifier(
  pool: TypePool,
  id: number,
  budget: Budget,
  depth: number,
  indent: string,
): string {
  const name = cut(pool.name(id));
  switch (pool.kind(id)) {
    case 0:
      return 'void';
    case BTF_KIND_STRUCT:
    case BTF_KIND_UNION:
    case BTF_KIND_ENUM:
    case BTF_KIND_ENUM64:
      return name === ''
        ? printBody(pool, id, budget, depth, indent)
        : `${keyword(pool, id)} ${name}`;
    case BTF_KIND_FWD:
      return `${pool.kindFlag(id) ? 'union' : 'struct'} ${name}`;
    case BTF_KIND_DATASEC:
    case BTF_KIND_DECL_TAG:
    case BTF_KIND_VAR:
      return `<${kindName(pool.kind(id))} ${name}>`;
    default:
      return name;
  }
}

function keyword(pool: TypePool, id: number): string {
  const kind = pool.kind(id);
  return kind === BTF_KIND_STRUCT ? 'struct' : kind === BTF_KIND_UNION ? 'union' : 'enum';
}

/** `struct name { ... }`, members one a line. */
function printBody(
  pool: TypePool,
  id: number,
  budget: Budget,
  depth: number,
  indent: string,
): string {
  const name = cut(pool.name(id));
  const head = name === '' ? keyword(pool, id) : `${keyword(pool, id)} ${name}`;
  const count = pool.vlen(id);
  const enumeration = keyword(pool, id) === 'enum';
  if (count === 0) return enumeration ? head : `${head} {}`;
  if (depth >= MAXIMUM_DEPTH) return `${head} { ... }`;
  const inner = `${indent}  `;
  const lines: string[] = [];
  for (let i = 0; i < count; i++) {
    if (budget.items-- <= 0) {
      lines.push(`${inner}...`);
      break;
    }
    lines.push(
      enumeration
        ? `${inner}${printEnumerator(pool, id, i)},`
        : `${inner}${printMember(pool, id, i, budget, depth, inner)};`,
    );
  }
  return `${head} {\n${lines.join('\n')}\n${indent}}`;
}

function printMember(
  pool: TypePool,
  id: number,
  index: number,
  budget: Budget,
  depth: number,
  indent: string,
): string {
  const at = COMMON_WORDS + 3 * index;
  const member = declare(
    pool,
    pool.word(id, at + 1),
    text(pool, pool.word(id, at)),
    budget,
    depth + 1,
    indent,
  );
  const bits = pool.kindFlag(id) ? pool.word(id, at + 2) >>> 24 : 0;
  return bits === 0 ? member : `${member} : ${bits}`;
}

function printEnumerator(pool: TypePool, id: number, index: number): string {
  const signed = pool.kindFlag(id);
  if (pool.kind(id) === BTF_KIND_ENUM) {
    const at = COMMON_WORDS + 2 * index;
    const value = pool.word(id, at + 1);
    return `${text(pool, pool.word(id, at))} = ${signed ? value | 0 : value}`;
  }
  const at = COMMON_WORDS + 3 * index;
  const value = (BigInt(pool.word(id, at + 2)) << 32n) | BigInt(pool.word(id, at + 1));
  return `${text(pool, pool.word(id, at))} = ${signed ? BigInt.asIntN(64, value) : value}`;
}

/** A name by its id, cut where no honest name ends. */
function text(pool: TypePool, nameId: number): string {
  const id = nameId as StringId;
  return cut(pool.strings.text(id));
}

function cut(name: string): string {
  return name.length <= MAXIMUM_NAME ? name : `${name.slice(0, MAXIMUM_NAME)}...`;
}
