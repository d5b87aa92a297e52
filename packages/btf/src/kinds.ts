/**
 * The kinds of BTF types and where type ids and string offsets lie in each.
 *
 * Everything that walks types (check, rebase, dedup, encode) takes the layout from here. Source of
 * the layout: Documentation/bpf/btf.rst and include/uapi/linux/btf.h of Linux.
 */

export const BTF_KIND_UNKN = 0;
export const BTF_KIND_INT = 1;
export const BTF_KIND_PTR = 2;
export const BTF_KIND_ARRAY = 3;
export const BTF_KIND_STRUCT = 4;
export const BTF_KIND_UNION = 5;
export const BTF_KIND_ENUM = 6;
export const BTF_KIND_FWD = 7;
export const BTF_KIND_TYPEDEF = 8;
export const BTF_KIND_VOLATILE = 9;
export const BTF_KIND_CONST = 10;
export const BTF_KIND_RESTRICT = 11;
export const BTF_KIND_FUNC = 12;
export const BTF_KIND_FUNC_PROTO = 13;
export const BTF_KIND_VAR = 14;
export const BTF_KIND_DATASEC = 15;
export const BTF_KIND_FLOAT = 16;
export const BTF_KIND_DECL_TAG = 17;
export const BTF_KIND_TYPE_TAG = 18;
export const BTF_KIND_ENUM64 = 19;

/** Linkage of a FUNC (in its vlen bits) or a VAR (in its trailer word). */
export const BTF_LINKAGE_STATIC = 0;
export const BTF_LINKAGE_GLOBAL = 1;
export const BTF_LINKAGE_EXTERN = 2;

/** Encodings of an INT (btf.rst). */
export const BTF_INT_SIGNED = 1;
export const BTF_INT_CHAR = 2;

export const BTF_MAGIC = 0xeb9f;
export const BTF_VERSION = 1;

/**
 * Most elements a type can have; a DATASEC with more cannot be written. Linux up to 7.0 reads 16 bits
 * and refuses a type with more; include/uapi/linux/btf.h has 24 since (BTF_INFO_VLEN).
 */
export const BTF_MAX_VLEN = 0xffffff;

/** Words every type begins with: name, info, size or type. */
export const COMMON_WORDS = 3;

/** What the vlen bits of the info word say. */
export type VlenMeaning = 'unused' | 'elements' | 'linkage';
/** What the third word of a type says. */
export type ThirdWord = 'unused' | 'size' | 'type';

/** The layout of one kind; positions count words (4 bytes). */
export interface KindDescriptor {
  readonly kind: number;
  readonly name: string;
  readonly third: ThirdWord;
  readonly vlen: VlenMeaning;
  /** Words between the common ones and the elements. */
  readonly fixedWords: number;
  /** Positions, from the start of the type, of the type ids in the fixed words. */
  readonly fixedTypes: readonly number[];
  /** Words of each of the vlen elements. */
  readonly elementWords: number;
  /** Position of the name within an element, or -1. */
  readonly elementName: number;
  /** Position of the type id within an element, or -1. */
  readonly elementType: number;
}

function plain(kind: number, name: string, third: ThirdWord, fixedWords: number): KindDescriptor {
  return {
    kind,
    name,
    third,
    vlen: 'unused',
    fixedWords,
    fixedTypes: [],
    elementWords: 0,
    elementName: -1,
    elementType: -1,
  };
}

function listed(
  kind: number,
  name: string,
  third: ThirdWord,
  elementWords: number,
  elementName: number,
  elementType: number,
): KindDescriptor {
  return {
    kind,
    name,
    third,
    vlen: 'elements',
    fixedWords: 0,
    fixedTypes: [],
    elementWords,
    elementName,
    elementType,
  };
}

/** One descriptor for each kind; the index is the kind, 0 stands for void and is never encoded. */
export const KINDS: readonly KindDescriptor[] = [
  plain(BTF_KIND_UNKN, 'UNKN', 'unused', 0),
  plain(BTF_KIND_INT, 'INT', 'size', 1),
  plain(BTF_KIND_PTR, 'PTR', 'type', 0),
  { ...plain(BTF_KIND_ARRAY, 'ARRAY', 'unused', 3), fixedTypes: [3, 4] },
  listed(BTF_KIND_STRUCT, 'STRUCT', 'size', 3, 0, 1),
  listed(BTF_KIND_UNION, 'UNION', 'size', 3, 0, 1),
  listed(BTF_KIND_ENUM, 'ENUM', 'size', 2, 0, -1),
  plain(BTF_KIND_FWD, 'FWD', 'unused', 0),
  plain(BTF_KIND_TYPEDEF, 'TYPEDEF', 'type', 0),
  plain(BTF_KIND_VOLATILE, 'VOLATILE', 'type', 0),
  plain(BTF_KIND_CONST, 'CONST', 'type', 0),
  plain(BTF_KIND_RESTRICT, 'RESTRICT', 'type', 0),
  { ...plain(BTF_KIND_FUNC, 'FUNC', 'type', 0), vlen: 'linkage' },
  listed(BTF_KIND_FUNC_PROTO, 'FUNC_PROTO', 'type', 2, 0, 1),
  plain(BTF_KIND_VAR, 'VAR', 'type', 1),
  listed(BTF_KIND_DATASEC, 'DATASEC', 'size', 3, -1, 0),
  plain(BTF_KIND_FLOAT, 'FLOAT', 'size', 0),
  plain(BTF_KIND_DECL_TAG, 'DECL_TAG', 'type', 1),
  plain(BTF_KIND_TYPE_TAG, 'TYPE_TAG', 'type', 0),
  listed(BTF_KIND_ENUM64, 'ENUM64', 'size', 3, 0, -1),
];

/** Kinds there are, {@link BTF_KIND_UNKN} included. */
export const KIND_COUNT: number = KINDS.length;

/** Columns of {@link KINDS} for the hot loops, indexed by kind. */
export const FIXED_WORDS: Uint8Array = Uint8Array.from(KINDS, (kind) => kind.fixedWords);
export const ELEMENT_WORDS: Uint8Array = Uint8Array.from(KINDS, (kind) => kind.elementWords);
export const ELEMENT_NAME: Int8Array = Int8Array.from(KINDS, (kind) => kind.elementName);
export const ELEMENT_TYPE: Int8Array = Int8Array.from(KINDS, (kind) => kind.elementType);
export const THIRD_IS_TYPE: Uint8Array = Uint8Array.from(KINDS, (kind) =>
  kind.third === 'type' ? 1 : 0,
);
/** How many of the words from {@link COMMON_WORDS} on are type ids (ARRAY: element and index). */
export const FIXED_TYPES: Uint8Array = Uint8Array.from(KINDS, (kind) => kind.fixedTypes.length);

/** Position of the first type id of a type; all of them stand in equal steps from there. */
export const FIRST_REFERENCE: Uint8Array = Uint8Array.from(KINDS, (kind) => {
  if (kind.third === 'type') return 2;
  return kind.fixedTypes[0] ?? COMMON_WORDS + Math.max(kind.elementType, 0);
});
/** Words from one type id of a type to the next. */
export const REFERENCE_STRIDE: Uint8Array = Uint8Array.from(KINDS, (kind) =>
  kind.elementType >= 0 ? kind.elementWords : 1,
);

/** The kind in an info word: bits 24 to 30, of which Linux up to 7.0 used 24 to 28. */
export function kindOf(info: number): number {
  return (info >>> 24) & 0x7f;
}

/** The vlen in an info word, its low 24 bits: number of elements, or the linkage of a FUNC. */
export function vlenOf(info: number): number {
  return info & BTF_MAX_VLEN;
}

/** The kind_flag in an info word. */
export function kindFlagOf(info: number): boolean {
  return info >>> 31 === 1;
}

/** Words of the whole type with this info word. */
export function typeWords(info: number): number {
  const kind = kindOf(info);
  return COMMON_WORDS + FIXED_WORDS[kind]! + ELEMENT_WORDS[kind]! * vlenOf(info);
}

/** Number of type ids in the type with this info word. */
export function referenceCount(info: number): number {
  const kind = kindOf(info);
  return THIRD_IS_TYPE[kind]! + FIXED_TYPES[kind]! + (ELEMENT_TYPE[kind]! < 0 ? 0 : vlenOf(info));
}

/** Name of the kind as bpftool prints it, or its number. */
export function kindName(kind: number): string {
  return KINDS[kind]?.name ?? `kind ${kind}`;
}

/** Whether the kind only qualifies or renames the type it refers to. */
export function isModifier(kind: number): boolean {
  return (
    kind === BTF_KIND_TYPEDEF ||
    kind === BTF_KIND_VOLATILE ||
    kind === BTF_KIND_CONST ||
    kind === BTF_KIND_RESTRICT ||
    kind === BTF_KIND_TYPE_TAG
  );
}

/** Whether the kind is STRUCT or UNION. */
export function isComposite(kind: number): boolean {
  return kind === BTF_KIND_STRUCT || kind === BTF_KIND_UNION;
}

/** Whether the kind is ENUM or ENUM64. */
export function isEnum(kind: number): boolean {
  return kind === BTF_KIND_ENUM || kind === BTF_KIND_ENUM64;
}

/** Types by kind: those of kind `k` are `ids[ends[k - 1] .. ends[k])`, ascending. */
export interface TypesByKind {
  readonly ids: Uint32Array;
  readonly ends: Uint32Array;
}

/** Sorts the types whose words start at `typeAt` by kind; they count from 1. */
export function groupByKind(words: Uint32Array, typeAt: Uint32Array): TypesByKind {
  const ends = new Uint32Array(KIND_COUNT + 1);
  for (let id = 1; id < typeAt.length; id++) ends[kindOf(words[typeAt[id]! + 1]!) + 1]!++;
  for (let kind = 1; kind < ends.length; kind++) ends[kind]! += ends[kind - 1]!;
  // Where each kind starts becomes where it ends.
  const ids = new Uint32Array(typeAt.length - 1);
  for (let id = 1; id < typeAt.length; id++) ids[ends[kindOf(words[typeAt[id]! + 1]!)]!++] = id;
  return { ids, ends };
}

/** The types of one kind, ascending. */
export function ofKind({ ids, ends }: TypesByKind, kind: number): Uint32Array {
  return ids.subarray(kind === 0 ? 0 : ends[kind - 1], ends[kind]);
}
