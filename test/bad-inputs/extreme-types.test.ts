import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { link } from '@bpf-ld/linker';
import { btfInfo, buildBtf, buildObject } from '../support/object-builder.js';
import { KIND } from '../support/raw-btf.js';

// Type graphs no compiler writes: chains and nests as deep as the file is long, circles, wide fans.
// Whatever walks them must not recurse without end, nor visit a part more than once for each path.

/** What a machine however busy does in less; work that grows with the square takes minutes. */
const HANG_MILLISECONDS = 30_000;
const DEPTH = 100_000;
const LINKAGE_GLOBAL = 1;
const LINKAGE_EXTERN = 2;
const STRINGS = '\0x\0int\0.data\0m\0.maps\0';
const X = 1;
const INT = 3;
const DATA = 7;
const MEMBER = 13;

/** Type 1, `int`. */
const INT_TYPE = [INT, btfInfo(KIND.INT), 4, 0x0100_0020];

/** An object whose variable `x` has type `last` of `types` (which start at id 1); extern or defined. */
function objectWith(types: readonly number[], last: number, defined: boolean): Uint8Array {
  const linkage = defined ? LINKAGE_GLOBAL : LINKAGE_EXTERN;
  const variable = [X, btfInfo(KIND.VAR), last, linkage];
  const count = countTypes(types);
  const datasec = defined ? [DATA, btfInfo(KIND.DATASEC, 1), 0, count + 1, 0, 8] : [];
  const btf = buildBtf([...types, ...variable, ...datasec], STRINGS);
  const sections = [{ name: '.BTF', bytes: btf }];
  const data = { name: '.data', flags: 3, bytes: new Uint8Array(8) };
  return buildObject(defined ? [...sections, data] : sections, [
    { name: 'x', section: defined ? 1 : -1, size: defined ? 8 : 0, type: defined ? 1 : 0 },
  ]);
}

function countTypes(types: readonly number[]): number {
  let count = 0;
  for (let at = 0; at < types.length; count++) {
    const kind = (types[at + 1]! >>> 24) & 31;
    const vlen = types[at + 1]! & 0xffff;
    const members = kind === KIND.STRUCT || kind === KIND.UNION ? vlen * 3 : 0;
    const parameters = kind === KIND.FUNC_PROTO ? vlen * 2 : 0;
    at += 3 + (kind === KIND.INT ? 1 : kind === KIND.ARRAY ? 3 : 0) + members + parameters;
  }
  return count;
}

/** `depth` types, each made from the id of the one before; the first refers to type 1. */
function chain(depth: number, make: (inner: number) => readonly number[]): number[] {
  const types = [...INT_TYPE];
  for (let i = 0; i < depth; i++) types.push(...make(i + 1));
  return types;
}

const graphs: Readonly<Record<string, (other: boolean) => readonly number[]>> = {
  'pointers to pointers': () => chain(DEPTH, (inner) => [0, btfInfo(KIND.PTR), inner]),
  'const of volatile of const': () =>
    chain(DEPTH, (inner) => [0, btfInfo(inner % 2 ? KIND.CONST : KIND.VOLATILE), inner]),
  'typedef of typedef': () => chain(DEPTH, (inner) => [X, btfInfo(KIND.TYPEDEF), inner]),
  'arrays of arrays of one': () =>
    chain(DEPTH, (inner) => [0, btfInfo(KIND.ARRAY), 0, inner, 1, 1]),
  'functions that return functions': () =>
    chain(DEPTH, (inner) =>
      inner % 2 ? [0, btfInfo(KIND.FUNC_PROTO), inner] : [0, btfInfo(KIND.PTR), inner],
    ),
  'anonymous structs in each other': () =>
    chain(DEPTH, (inner) => [0, btfInfo(KIND.STRUCT, 1), 8, MEMBER, inner, 0]),
  'named structs in each other': () =>
    chain(DEPTH, (inner) => [X, btfInfo(KIND.STRUCT, 1), 8, MEMBER, inner, 0]),
  'structs with the one before twice': () =>
    chain(60, (inner) => [0, btfInfo(KIND.STRUCT, 2), 8, MEMBER, inner, 0, MEMBER, inner, 32]),
  'functions that take the one before twice': () =>
    chain(60, (inner) => [0, btfInfo(KIND.FUNC_PROTO, 2), inner, MEMBER, inner, MEMBER, inner]),
  'structs whose pointers all lead on': () =>
    chain(2000, (inner) =>
      inner % 2
        ? [0, btfInfo(KIND.PTR), inner]
        : [0, btfInfo(KIND.STRUCT, 2), 8, MEMBER, inner, 0, MEMBER, inner, 32],
    ),
  'one struct of many members': () => [
    ...INT_TYPE,
    0,
    btfInfo(KIND.STRUCT, 60_000),
    8,
    ...Array.from({ length: 60_000 }, () => [MEMBER, 1, 0]).flat(),
  ],
};

describe('extreme type graphs', () => {
  for (const [name, graph] of Object.entries(graphs)) {
    it(`${name}: defined, and declared elsewhere`, () => {
      const types = graph(false);
      checkLink([
        objectWith(types, countTypes(types), true),
        objectWith(types, countTypes(types), false),
      ]);
    });
    it(`${name}: declared as another depth`, () => {
      const types = graph(false);
      const last = countTypes(types);
      checkLink([objectWith(types, last, true), objectWith(types, last - 1, false)]);
    });
  }
  it('a circle of modifiers is refused', () => {
    const types = [...INT_TYPE, 0, btfInfo(KIND.CONST), 3, 0, btfInfo(KIND.VOLATILE), 2];
    assert.equal(checkLink([objectWith(types, 3, true)]), false);
  });
  it('a circle of pointers and structs links', () => {
    const types = [
      ...INT_TYPE,
      0,
      btfInfo(KIND.PTR),
      3,
      0,
      btfInfo(KIND.STRUCT, 1),
      8,
      MEMBER,
      2,
      0,
    ];
    assert.equal(checkLink([objectWith(types, 3, true), objectWith(types, 3, false)]), true);
  });
});

/** Links within the bound, whatever comes of it; whether it linked. */
function checkLink(objects: readonly Uint8Array[]): boolean {
  const started = performance.now();
  const result = link({ inputs: objects.map((bytes, i) => ({ name: `${i}.o`, bytes })) });
  const took = performance.now() - started;
  const errors = result.diagnostics.filter(({ severity }) => severity === 'error');
  assert.equal(result.ok, errors.length === 0);
  for (const { message, details } of result.diagnostics) {
    const length = [message, ...details].join('\n').length;
    assert.ok(length < 100_000, `a diagnostic of ${length} characters`);
  }
  if (result.ok) {
    const again = link({ inputs: [{ name: 'out.o', bytes: result.image }] });
    assert.ok(again.ok && Buffer.from(again.image).equals(result.image), 'links to itself');
  }
  assert.ok(took < HANG_MILLISECONDS, `took ${Math.round(took)} ms`);
  return result.ok;
}
