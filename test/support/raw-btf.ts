/** BTF and .BTF.ext for raw-object.ts, from Documentation/bpf/btf.rst. */

export interface RawMember {
  readonly name: string;
  readonly type: number;
  /** Bit offset of a member, value of an enumerator, offset of a variable in its section. */
  readonly offset: bigint;
  /** Bits of a bit field; bytes of a variable in its section. */
  readonly size: number;
}

export interface RawType {
  readonly id: number;
  /** Bytes from the start of .BTF; 0 for void. */
  readonly at: number;
  readonly kind: number;
  readonly name: string;
  readonly kindFlag: boolean;
  /** The vlen field: number of members, or the linkage of a FUNC. */
  readonly count: number;
  /** The third word: size or type. */
  readonly third: number;
  /** Words after the common three that are not members: INT encoding, ARRAY, VAR linkage, tag index. */
  readonly extra: readonly number[];
  readonly members: readonly RawMember[];
}

export interface RawBtf {
  /** By id; [0] is void. */
  readonly types: readonly RawType[];
  string(offset: number): string;
}

export interface RawExtRecord {
  readonly section: string;
  readonly offset: number;
  readonly words: readonly number[];
}

export interface RawExt {
  readonly funcInfo: readonly RawExtRecord[];
  readonly lineInfo: readonly RawExtRecord[];
  readonly coreRelo: readonly RawExtRecord[];
}

export const KIND = {
  VOID: 0,
  INT: 1,
  PTR: 2,
  ARRAY: 3,
  STRUCT: 4,
  UNION: 5,
  ENUM: 6,
  FWD: 7,
  TYPEDEF: 8,
  VOLATILE: 9,
  CONST: 10,
  RESTRICT: 11,
  FUNC: 12,
  FUNC_PROTO: 13,
  VAR: 14,
  DATASEC: 15,
  FLOAT: 16,
  DECL_TAG: 17,
  TYPE_TAG: 18,
  ENUM64: 19,
} as const;

export function readRawBtf(bytes: Uint8Array, littleEndian: boolean): RawBtf {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const u32 = (at: number) => view.getUint32(at, littleEndian);
  const header = u32(4);
  const strings = header + u32(16);
  const string = (offset: number) => {
    const start = strings + offset;
    return Buffer.from(bytes.subarray(start, bytes.indexOf(0, start))).toString('utf8');
  };
  const none = { name: '', kindFlag: false, count: 0, third: 0, extra: [], members: [] };
  const types: RawType[] = [{ id: 0, at: 0, kind: KIND.VOID, ...none, name: 'void' }];
  const start = header + u32(8);
  for (let at = start; at < start + u32(12);) {
    const info = u32(at + 4);
    const kind = (info >>> 24) & 0x7f;
    const count = info & 0xffffff;
    const kindFlag = info >>> 31 === 1;
    const type = { id: types.length, at, kind, name: string(u32(at)), kindFlag, count };
    const third = u32(at + 8);
    at += 12;
    const extra: number[] = [];
    const members: RawMember[] = [];
    const words = kind === KIND.INT || kind === KIND.VAR || kind === KIND.DECL_TAG ? 1 : 0;
    for (let i = 0; i < (kind === KIND.ARRAY ? 3 : words); i++, at += 4) extra.push(u32(at));
    const elements = hasMembers(kind) ? count : 0;
    for (let i = 0; i < elements; i++) {
      const first = u32(at);
      const second = u32(at + 4);
      switch (kind) {
        case KIND.STRUCT:
        case KIND.UNION: {
          const word = u32(at + 8);
          const offset = BigInt(kindFlag ? word & 0xffffff : word);
          const size = kindFlag ? word >>> 24 : 0;
          members.push({ name: string(first), type: second, offset, size });
          at += 12;
          break;
        }
        case KIND.ENUM: {
          const value = BigInt(kindFlag ? second | 0 : second);
          members.push({ name: string(first), type: 0, offset: value, size: 0 });
          at += 8;
          break;
        }
        case KIND.ENUM64: {
          const value = (BigInt(u32(at + 8)) << 32n) | BigInt(second);
          members.push({ name: string(first), type: 0, offset: value, size: 0 });
          at += 12;
          break;
        }
        case KIND.DATASEC:
          members.push({ name: '', type: first, offset: BigInt(second), size: u32(at + 8) });
          at += 12;
          break;
        default:
          members.push({ name: string(first), type: second, offset: 0n, size: 0 });
          at += 8;
      }
    }
    types.push({ ...type, third, extra, members });
  }
  return { types, string };
}

function hasMembers(kind: number): boolean {
  return (
    kind === KIND.STRUCT ||
    kind === KIND.UNION ||
    kind === KIND.ENUM ||
    kind === KIND.ENUM64 ||
    kind === KIND.DATASEC ||
    kind === KIND.FUNC_PROTO
  );
}

export function readRawExt(bytes: Uint8Array, btf: RawBtf, littleEndian: boolean): RawExt {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const u32 = (at: number) => view.getUint32(at, littleEndian);
  const header = u32(4);
  const read = (field: number): RawExtRecord[] => {
    const records: RawExtRecord[] = [];
    if (field + 8 > header) return records;
    const size = u32(field + 4);
    if (size === 0) return records;
    const start = header + u32(field);
    const recordSize = u32(start);
    for (let at = start + 4; at < start + size;) {
      const section = btf.string(u32(at));
      const count = u32(at + 4);
      at += 8;
      for (let i = 0; i < count; i++, at += recordSize) {
        const words = Array.from({ length: recordSize / 4 }, (_, k) => u32(at + k * 4));
        records.push({ section, offset: words[0]!, words: words.slice(1) });
      }
    }
    return records;
  };
  return { funcInfo: read(8), lineInfo: read(16), coreRelo: read(24) };
}

/**
 * A type in one line that says all of it but the inside of named types it refers to. Two types with
 * one form and equal referents are the same type; ids do not show.
 */
export function typeForm(btf: RawBtf, id: number): string {
  const type = btf.types[id]!;
  const ref = (target: number) => reference(btf, target, 0);
  switch (type.kind) {
    case KIND.FUNC:
      return `func ${type.name} linkage=${type.count} ${ref(type.third)}${tagsOf(btf, id)}`;
    case KIND.VAR:
      return `var ${type.name} linkage=${type.extra[0]} ${ref(type.third)}${tagsOf(btf, id)}`;
    case KIND.DATASEC:
      return `datasec ${type.name}`;
    case KIND.TYPEDEF:
      return `typedef ${type.name} = ${ref(type.third)}${tagsOf(btf, id)}`;
    case KIND.DECL_TAG:
      return `decl_tag ${type.name} index=${type.extra[0]! | 0} on ${taggedName(btf, type.third)}`;
    case KIND.STRUCT:
    case KIND.UNION:
    case KIND.ENUM:
    case KIND.ENUM64:
      return `${body(btf, type, 0)}${tagsOf(btf, id)}`;
    default:
      return ref(id);
  }
}

function taggedName(btf: RawBtf, id: number): string {
  const type = btf.types[id]!;
  return `${kindWord(type.kind)} ${type.name || reference(btf, id, 0)}`;
}

const tagIndex = new WeakMap<RawBtf, Map<number, string[]>>();

/** The DECL_TAGs on a type: part of what it is, since equal types with other tags stay apart. */
function tagsOf(btf: RawBtf, id: number): string {
  let index = tagIndex.get(btf);
  if (!index) {
    index = new Map();
    for (const type of btf.types) {
      if (type.kind !== KIND.DECL_TAG) continue;
      const tag = `${type.name}@${type.extra[0]! | 0}`;
      index.set(type.third, [...(index.get(type.third) ?? []), tag]);
    }
    tagIndex.set(btf, index);
  }
  const tags = index.get(id);
  return tags ? ` tags(${[...tags].sort().join(',')})` : '';
}

function kindWord(kind: number): string {
  return Object.entries(KIND)
    .find(([, value]) => value === kind)![0]
    .toLowerCase();
}

function reference(btf: RawBtf, id: number, depth: number): string {
  const type = btf.types[id]!;
  const inner = () => reference(btf, type.third, depth + 1);
  if (depth > 64) return '...';
  switch (type.kind) {
    case KIND.VOID:
      return 'void';
    case KIND.INT:
      return `int ${type.name}:${type.third}:0x${type.extra[0]!.toString(16)}`;
    case KIND.FLOAT:
      return `float ${type.name}:${type.third}`;
    case KIND.PTR:
      return `*${inner()}`;
    case KIND.CONST:
    case KIND.VOLATILE:
    case KIND.RESTRICT:
      return `${kindWord(type.kind)} ${inner()}`;
    case KIND.TYPE_TAG:
      return `tag(${type.name}) ${inner()}`;
    case KIND.TYPEDEF:
      return `typedef ${type.name}`;
    case KIND.FWD:
      return `fwd ${type.kindFlag ? 'union' : 'struct'} ${type.name}`;
    case KIND.ARRAY:
      return `[${type.extra[2]}]${reference(btf, type.extra[0]!, depth + 1)}`;
    case KIND.FUNC_PROTO: {
      const parameters = type.members.map(
        (m) => `${m.name || '-'}:${reference(btf, m.type, depth + 1)}`,
      );
      return `(${parameters.join(', ')}) -> ${inner()}`;
    }
    case KIND.STRUCT:
    case KIND.UNION:
    case KIND.ENUM:
    case KIND.ENUM64:
      if (type.name !== '') return `${kindWord(type.kind)} ${type.name}`;
      return body(btf, type, depth);
    default:
      return `${kindWord(type.kind)} ${type.name}`;
  }
}

function body(btf: RawBtf, type: RawType, depth: number): string {
  const isEnum = type.kind === KIND.ENUM || type.kind === KIND.ENUM64;
  const members = type.members.map((m) =>
    isEnum
      ? `${m.name}=${m.offset}`
      : `${m.name}@${m.offset}${m.size ? `:${m.size}` : ''} ${reference(btf, m.type, depth + 1)}`,
  );
  const flag = type.kindFlag ? ' flag' : '';
  return `${kindWord(type.kind)} ${type.name} size=${type.third}${flag} {${members.join('; ')}}`;
}
