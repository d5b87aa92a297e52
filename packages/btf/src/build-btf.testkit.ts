import { Cursor } from '@bpf-ld/elf-reader';
import * as kinds from './kinds.js';
import { type Btf, parseBtf } from './read-btf.js';

/** A type of a test as the words of the format, names as text. */
export interface TestType {
  readonly kind: number;
  readonly name?: string;
  readonly kindFlag?: boolean;
  /** The vlen bits where no elements give them (linkage of a FUNC). */
  readonly vlen?: number;
  readonly third?: number;
  readonly fixed?: readonly number[];
  /** Words of each element; a string stands for a name. */
  readonly elements?: readonly (readonly (number | string)[])[];
}

type Field = readonly [name: string, type: number, offset?: number];

export const int = (name: string, size = 4, encoding = 1): TestType => ({
  kind: kinds.BTF_KIND_INT,
  name,
  third: size,
  fixed: [(encoding << 24) | (size * 8)],
});
const reference =
  (kind: number) =>
  (type: number, name = ''): TestType => ({ kind, name, third: type });
export const ptr: (type: number) => TestType = reference(kinds.BTF_KIND_PTR);
export const constant: (type: number) => TestType = reference(kinds.BTF_KIND_CONST);
export const volatile: (type: number) => TestType = reference(kinds.BTF_KIND_VOLATILE);
export const typedef = (name: string, type: number): TestType =>
  reference(kinds.BTF_KIND_TYPEDEF)(type, name);
export const array = (element: number, index: number, count: number): TestType => ({
  kind: kinds.BTF_KIND_ARRAY,
  fixed: [element, index, count],
});
const composite =
  (kind: number) =>
  (name: string, fields: readonly Field[], size = fields.length * 8): TestType => ({
    kind,
    name,
    third: size,
    elements: fields.map(([field, type, offset], i) => [field, type, offset ?? i * 64]),
  });
export const struct: (name: string, fields: readonly Field[], size?: number) => TestType =
  composite(kinds.BTF_KIND_STRUCT);
export const union: (name: string, fields: readonly Field[], size?: number) => TestType = composite(
  kinds.BTF_KIND_UNION,
);
export const forward = (name: string, isUnion = false): TestType => ({
  kind: kinds.BTF_KIND_FWD,
  name,
  kindFlag: isUnion,
});
export const enumeration = (
  name: string,
  values: readonly (readonly [string, number])[],
): TestType => ({
  kind: kinds.BTF_KIND_ENUM,
  name,
  third: 4,
  elements: values.map(([label, value]) => [label, value]),
});
export const prototype = (
  returns: number,
  parameters: readonly (readonly [string, number])[],
): TestType => ({ kind: kinds.BTF_KIND_FUNC_PROTO, third: returns, elements: parameters });
export const func = (name: string, type: number, linkage = 1): TestType => ({
  kind: kinds.BTF_KIND_FUNC,
  name,
  third: type,
  vlen: linkage,
});
export const variable = (name: string, type: number, linkage = 1): TestType => ({
  kind: kinds.BTF_KIND_VAR,
  name,
  third: type,
  fixed: [linkage],
});
export const datasec = (name: string, entries: readonly (readonly number[])[]): TestType => ({
  kind: kinds.BTF_KIND_DATASEC,
  name,
  third: 0,
  elements: entries,
});
export const declTag = (name: string, type: number, component = -1): TestType => ({
  kind: kinds.BTF_KIND_DECL_TAG,
  name,
  third: type,
  fixed: [component >>> 0],
});

/** Knobs for bytes that are legal but unusual, or broken on purpose. */
export interface BuildOptions {
  readonly littleEndian?: boolean;
  readonly headerLength?: number;
}

/** The bytes of a .BTF section with these types, ids from 1 in the given order. */
export function buildBtf(types: readonly TestType[], options: BuildOptions = {}): Uint8Array {
  const { littleEndian = true, headerLength = 24 } = options;
  let strings = '\0';
  const offsets = new Map<string, number>([['', 0]]);
  const offset = (text: string): number => {
    let at = offsets.get(text);
    if (at === undefined) {
      at = strings.length;
      offsets.set(text, at);
      strings += `${text}\0`;
    }
    return at;
  };
  const words: number[] = [];
  for (const type of types) {
    const vlen = type.elements?.length ?? type.vlen ?? 0;
    words.push(offset(type.name ?? ''));
    words.push(((type.kindFlag === true ? 0x80000000 : 0) | (type.kind << 24) | vlen) >>> 0);
    words.push(type.third ?? 0, ...(type.fixed ?? []));
    for (const element of type.elements ?? []) {
      words.push(...element.map((word) => (typeof word === 'string' ? offset(word) : word)));
    }
  }
  const typesSize = words.length * 4;
  const bytes = new Uint8Array(headerLength + typesSize + strings.length);
  const view = new DataView(bytes.buffer);
  view.setUint16(0, 0xeb9f, littleEndian);
  view.setUint8(2, 1);
  view.setUint32(4, headerLength, littleEndian);
  view.setUint32(12, typesSize, littleEndian);
  view.setUint32(16, typesSize, littleEndian);
  view.setUint32(20, strings.length, littleEndian);
  words.forEach((word, i) => view.setUint32(headerLength + 4 * i, word, littleEndian));
  bytes.set(new TextEncoder().encode(strings), headerLength + typesSize);
  return bytes;
}

export function cursorOn(bytes: Uint8Array, littleEndian = true): Cursor {
  return new Cursor(bytes, 'test.o', littleEndian, '.BTF');
}

/** Parses what must be good. */
export function parsed(bytes: Uint8Array, littleEndian = true): Btf {
  const result = parseBtf(cursorOn(bytes, littleEndian));
  if (!result.ok) throw new Error(`${result.error.message} at ${result.error.place.offset}`);
  return result.value;
}

/** The types of a test, read back from their bytes. */
export function btfOf(types: readonly TestType[]): Btf {
  return parsed(buildBtf(types));
}
