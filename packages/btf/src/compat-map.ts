import { compareDeclarations, type Mismatch, skipModifiers } from './compat.js';
import {
  BTF_KIND_ARRAY,
  BTF_KIND_ENUM,
  BTF_KIND_ENUM64,
  BTF_KIND_FLOAT,
  BTF_KIND_INT,
  BTF_KIND_PTR,
  BTF_KIND_STRUCT,
  BTF_KIND_UNION,
  BTF_KIND_VAR,
  COMMON_WORDS,
} from './kinds.js';
import type { TypePool } from './type-pool.js';

/** What a map definition in .maps says; attributes that are not given are 0. */
export interface MapDefinition {
  readonly attributes: Readonly<Record<MapAttribute, bigint>>;
  /** Pool id of the key's and the value's type, 0 where only a size is given. */
  readonly keyType: number;
  readonly valueType: number;
  /** The struct of the inner map or the prototype of the programs, 0 without `values`. */
  readonly innerType: number;
}

/** Attributes in the order they are compared: the type says most about what went wrong. */
const ATTRIBUTES = [
  'type',
  'key_size',
  'value_size',
  'max_entries',
  'map_flags',
  'numa_node',
  'pinning',
  'map_extra',
] as const;

export type MapAttribute = (typeof ATTRIBUTES)[number];

/** Inner maps of inner maps looked into; the kernel has one level. */
const MAXIMUM_LEVELS = 4;

/**
 * Compares two definitions or declarations of a map (VARs in .maps): type, key, value, max_entries,
 * flags, numa_node, pinning, map_extra, inner map. What is no map definition (a struct without
 * `type`) is compared as any variable.
 */
export function compareMapDefinitions(
  pool: TypePool,
  canonical: Uint32Array,
  a: number,
  b: number,
): Mismatch | undefined {
  return compareStructs(pool, canonical, a, b, [], 0);
}

function compareStructs(
  pool: TypePool,
  canonical: Uint32Array,
  a: number,
  b: number,
  path: readonly string[],
  level: number,
): Mismatch | undefined {
  if (canonical[a] === canonical[b]) return undefined;
  const one = level < MAXIMUM_LEVELS ? readMapDefinition(pool, a) : undefined;
  const other = level < MAXIMUM_LEVELS ? readMapDefinition(pool, b) : undefined;
  if (one === undefined || other === undefined) {
    return within(path, compareDeclarations(pool, canonical, a, b));
  }
  for (const name of ATTRIBUTES) {
    const value = one.attributes[name];
    const otherValue = other.attributes[name];
    if (value === otherValue) continue;
    const reason = [...path, `${name} ${value} against ${otherValue}`].join(': ');
    return { reason, path: [...path, name], a, b };
  }
  const types = [
    ['key', one.keyType, other.keyType],
    ['value', one.valueType, other.valueType],
    ['inner map', one.innerType, other.innerType],
  ] as const;
  for (const [label, type, otherType] of types) {
    const inner = [...path, label];
    if ((type === 0) !== (otherType === 0)) {
      const [given, missing] = type === 0 ? ['not given', 'given'] : ['given', 'not given'];
      return { reason: [...inner, `${given} against ${missing}`].join(': '), path: inner, a, b };
    }
    const mismatch =
      label === 'inner map'
        ? compareStructs(pool, canonical, type, otherType, inner, level + 1)
        : within(inner, compareDeclarations(pool, canonical, type, otherType));
    if (mismatch !== undefined) return mismatch;
  }
  return undefined;
}

function within(path: readonly string[], mismatch: Mismatch | undefined): Mismatch | undefined {
  if (mismatch === undefined || path.length === 0) return mismatch;
  return {
    ...mismatch,
    reason: [...path, mismatch.reason].join(': '),
    path: [...path, ...mismatch.path],
  };
}

/**
 * Reads a map definition from its VAR or its struct; `undefined` when it is none. The form is
 * libbpf's: numbers as `int (*name)[N]` or as an enum of one value, types as pointers, an inner map
 * as `values`, an array of pointers.
 */
export function readMapDefinition(pool: TypePool, id: number): MapDefinition | undefined {
  const start = pool.kind(id) === BTF_KIND_VAR ? pool.sizeOrType(id) : id;
  const struct = skipModifiers(pool, start);
  if (pool.kind(struct) !== BTF_KIND_STRUCT) return undefined;
  const attributes: Record<MapAttribute, bigint> = {
    type: 0n,
    key_size: 0n,
    value_size: 0n,
    max_entries: 0n,
    map_flags: 0n,
    numa_node: 0n,
    pinning: 0n,
    map_extra: 0n,
  };
  let keyType = 0;
  let valueType = 0;
  let innerType = 0;
  for (let i = 0; i < pool.vlen(struct); i++) {
    const at = COMMON_WORDS + 3 * i;
    const name = pool.strings.text(pool.elementName(struct, at));
    const type = pool.word(struct, at + 1);
    if (name === 'key' || name === 'value') {
      const pointer = skipModifiers(pool, type);
      if (pool.kind(pointer) !== BTF_KIND_PTR) return undefined;
      const pointee = pool.sizeOrType(pointer);
      if (name === 'key') keyType = pointee;
      else valueType = pointee;
      attributes[`${name}_size`] = BigInt(sizeOf(pool, pointee));
    } else if (name === 'values') {
      innerType = innerTypeOf(pool, type);
      attributes.value_size = 4n;
    } else if (Object.hasOwn(attributes, name)) {
      const value = attributeValue(pool, type);
      if (value === undefined) return undefined;
      attributes[name as MapAttribute] = value;
    }
  }
  return attributes.type === 0n ? undefined : { attributes, keyType, valueType, innerType };
}

function attributeValue(pool: TypePool, type: number): bigint | undefined {
  const id = skipModifiers(pool, type);
  const kind = pool.kind(id);
  if (kind === BTF_KIND_PTR) {
    const array = skipModifiers(pool, pool.sizeOrType(id));
    return pool.kind(array) === BTF_KIND_ARRAY
      ? BigInt(pool.word(array, COMMON_WORDS + 2))
      : undefined;
  }
  if (pool.vlen(id) !== 1) return undefined;
  const low = COMMON_WORDS + 1;
  if (kind === BTF_KIND_ENUM) return BigInt(pool.word(id, low));
  if (kind !== BTF_KIND_ENUM64) return undefined;
  return (BigInt(pool.word(id, low + 1)) << 32n) | BigInt(pool.word(id, low));
}

/** What the pointers in `values` point to. */
function innerTypeOf(pool: TypePool, type: number): number {
  const array = skipModifiers(pool, type);
  if (pool.kind(array) !== BTF_KIND_ARRAY) return 0;
  const pointer = skipModifiers(pool, pool.word(array, COMMON_WORDS));
  return pool.kind(pointer) === BTF_KIND_PTR ? skipModifiers(pool, pool.sizeOrType(pointer)) : 0;
}

/** Size in bytes of a value of the type; 0 of what has none. */
function sizeOf(pool: TypePool, type: number): number {
  let elements = 1;
  // Nested arrays multiply; a chain as long as the pool can only be closed by a redirect.
  for (let id = type, steps = 0; steps < pool.count; steps++) {
    id = skipModifiers(pool, id);
    switch (pool.kind(id)) {
      case BTF_KIND_ARRAY:
        elements = Math.min(elements * pool.word(id, COMMON_WORDS + 2), Number.MAX_SAFE_INTEGER);
        id = pool.word(id, COMMON_WORDS);
        continue;
      case BTF_KIND_PTR:
        return elements * 8;
      case BTF_KIND_INT:
      case BTF_KIND_FLOAT:
      case BTF_KIND_STRUCT:
      case BTF_KIND_UNION:
      case BTF_KIND_ENUM:
      case BTF_KIND_ENUM64:
        return Math.min(elements * pool.sizeOrType(id), Number.MAX_SAFE_INTEGER);
      default:
        return 0;
    }
  }
  return 0;
}
