import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { StringPool } from '@bpf-ld/elf-reader';
import fc from 'fast-check';
import {
  btfOf,
  cursorOn,
  constant,
  declTag,
  enumeration,
  forward,
  func,
  int,
  prototype,
  ptr,
  struct,
  type TestType,
  typedef,
  union,
  variable,
} from './build-btf.testkit.js';
import { dedup } from './dedup.js';
import { encodeBtf } from './encode.js';
import { keptTypes } from './live.js';
import { parseBtf } from './read-btf.js';
import { TypePool } from './type-pool.js';

function pooled(...inputs: readonly (readonly TestType[])[]): TypePool {
  const pool = new TypePool(new StringPool());
  for (const types of inputs) pool.add(btfOf(types));
  return pool;
}

/** Canonical ids from id 1 on. */
function merged(...inputs: readonly (readonly TestType[])[]): number[] {
  return [...dedup(pooled(...inputs))].slice(1);
}

/** Number of types left. */
function left(canonical: readonly number[]): number {
  return canonical.filter((id, i) => id === i + 1).length;
}

const list: readonly TestType[] = [int('int'), struct('list', [['v', 1], ['next', 3]]), ptr(2)]; // prettier-ignore

describe('dedup', () => {
  it('merges equal graphs with cycles', () => {
    assert.deepEqual(merged(list, list), [1, 2, 3, 1, 2, 3]);
  });

  it('merges a cycle with the same cycle written twice', () => {
    const unrolled = [int('int'), struct('list', [['v', 1], ['next', 3]]), ptr(4), struct('list', [['v', 1], ['next', 5]]), ptr(2)]; // prettier-ignore
    assert.deepEqual(merged(list, unrolled), [1, 2, 3, 1, 2, 3, 2, 3]);
  });

  it('keeps types apart that differ far away', () => {
    const chain = (size: number): TestType[] => [
      int('int', size),
      struct('a', [['b', 3]]),
      ptr(4),
      struct('b', [['c', 5]]),
      ptr(6),
      struct('c', [['v', 1]]),
    ];
    assert.equal(left(merged(chain(4), chain(8))), 12);
  });

  it('resolves a forward declaration whose name is unambiguous', () => {
    assert.deepEqual(merged([forward('list'), ptr(1)], list), [4, 2, 3, 4, 2]);
    assert.equal(left(merged([forward('list', true), ptr(1)], list)), 5);
  });

  it('merges structs that declare each other forward', () => {
    const a = [struct('a', [['b', 2]]), ptr(3), forward('b')];
    const b = [struct('b', [['a', 2]]), ptr(3), forward('a')];
    const both = [struct('a', [['b', 2]]), ptr(3), struct('b', [['a', 4]]), ptr(1)];
    assert.equal(left(merged(a, b, both)), 4);
  });

  it('leaves a forward declaration alone when its name stands for two types', () => {
    const one = [int('int'), struct('s', [['x', 1]])];
    const two = [int('int'), struct('s', [['y', 1]])];
    assert.deepEqual(merged(one, two, [forward('s'), ptr(1)]), [1, 2, 1, 4, 5, 6]);
  });

  it('lets an ambiguous forward declaration fit the struct that uses it equally', () => {
    const one = [int('int'), struct('s', [['x', 1]]), ptr(2), struct('user', [['s', 3]])];
    const two = [int('int'), struct('s', [['y', 1]]), ptr(2), struct('user', [['s', 3]])];
    const three = [forward('s'), ptr(1), struct('user', [['s', 2]])];
    assert.deepEqual(merged(one, two, three), [1, 2, 3, 4, 1, 6, 7, 8, 2, 3, 4]);
  });

  it('lets each struct choose when an ambiguous name is used in two', () => {
    const one = [int('int'), struct('s', [['x', 1]]), ptr(2), struct('a', [['s', 3]])];
    const two = [int('int'), struct('s', [['y', 1]]), ptr(2), struct('b', [['s', 3]])];
    const three = [forward('s'), ptr(1), struct('a', [['s', 2]]), struct('b', [['s', 2]])];
    assert.equal(left(merged(one, two, three)), 7);
  });

  it('finds the fitting struct among thousands of the name', () => {
    const types: TestType[] = [int('int')];
    for (let i = 0; i < 3000; i++) {
      const own = types.length + 1;
      types.push(struct('s', [[`v${i}`, 1]]), ptr(own), struct('user', [['s', own + 1]]));
    }
    assert.equal(left(merged(types, [forward('s'), ptr(1), struct('user', [['s', 2]])])), 9001);
  });

  it('merges forward declared enums with the full one', () => {
    const full = enumeration('color', [['RED', 1]]);
    assert.deepEqual(merged([enumeration('color', []), ptr(1)], [full, ptr(1)]), [3, 2, 3, 2]);
    assert.deepEqual(merged([enumeration('color', [])], [enumeration('color', [])]), [1, 1]);
  });

  it('ignores parameter names inside structs but keeps the prototypes', () => {
    const ops = (name: string): TestType[] => [
      int('int'),
      prototype(1, [[name, 1]]),
      ptr(2),
      struct('ops', [['cb', 3]]),
    ];
    assert.deepEqual(merged(ops('a'), ops('b')), [1, 2, 3, 4, 1, 6, 7, 4]);
  });

  it('follows what one input declares twice and the next again', () => {
    const one = [forward('s'), forward('s')];
    const two = [forward('s'), forward('s'), int('int'), struct('s', [['x', 3]])];
    assert.deepEqual(merged(one, two), [6, 6, 6, 6, 5, 6]);
  });

  it('never merges variables, and their tags stay with them', () => {
    const input = [int('int'), variable('x', 1), declTag('t', 2)];
    assert.deepEqual(merged(input, input), [1, 2, 3, 1, 5, 6]);
  });

  it('distinguishes kinds, flags, linkage and components', () => {
    const types = [
      int('int'),
      typedef('t', 1),
      constant(1),
      struct('s', [['m', 1]]),
      { ...struct('s', [['m', 1]]), kindFlag: true },
      union('s', [['m', 1]]),
      prototype(0, []),
      func('f', 7, 0),
      func('f', 7, 1),
      declTag('g', 4, 0),
      declTag('g', 4, -1),
      int('int', 4, 0),
    ];
    assert.equal(left(merged(types, types)), types.length);
  });

  it('follows redirects', () => {
    const pool = pooled(
      [int('int'), prototype(1, [['', 1]]), func('f', 2, 2), declTag('t', 3)],
      [int('int'), prototype(1, [['x', 1]]), func('f', 2, 1), declTag('t', 3)],
    );
    pool.redirect(3, 7);
    assert.deepEqual([...dedup(pool)], [0, 1, 2, 7, 4, 1, 6, 7, 4]);
  });

  it('takes deep and wide graphs without recursion and in linear time', () => {
    const chain: TestType[] = [int('int')];
    for (let i = 1; i < 100_000; i++) chain.push(ptr(i));
    assert.equal(left(merged(chain, chain)), 100_000);
    const structs: TestType[] = [int('int')];
    for (let i = 0; i < 20_000; i++) structs.push(ptr(structs.length + 2), struct('s', [['a', i], ['b', structs.length]])); // prettier-ignore
    assert.equal(left(merged(structs, structs)), structs.length);
  });

  it('finds exactly the coarsest grouping, and nothing more the second time', () => {
    fc.assert(
      fc.property(graphs, fc.array(fc.nat(), { maxLength: 40 }), (types, picks) => {
        // The same graph again in another order is what a second object brings.
        const order = types.map((_, i) => i);
        picks.forEach((pick, i) => {
          const from = i % order.length;
          const to = pick % order.length;
          [order[from], order[to]] = [order[to]!, order[from]!];
        });
        const place = new Map(order.map((id, at) => [id + 1, at + 1]));
        const again = order.map((id) => renumbered(types[id]!, place));
        const pool = pooled(types, again);
        const canonical = dedup(pool);
        assert.deepEqual([...canonical], coarsest([...types, ...again.map((type) => shifted(type, types.length))])); // prettier-ignore
        const live = keptTypes(pool, [], []);
        const { bytes } = encodeOf(pool, canonical, live);
        const second = new TypePool(new StringPool());
        const reread = parseBtf(cursorOn(bytes));
        assert.ok(reread.ok, 'output is read back');
        second.add(reread.value);
        dedup(second).forEach((own, id) => assert.equal(own, id));
      }),
      { numRuns: 300 },
    );
  });
});

/**
 * The bytes of a whole link: kept types, deduplicated; what leaves is chosen by `picks`.
 */
function linkedBytes(
  inputs: readonly (readonly TestType[])[],
  picks: readonly number[],
): Uint8Array {
  const pool = pooled(...inputs);
  const dropped = picks.map((pick) => 1 + (pick % (pool.count - 1)));
  const kept = keptTypes(pool, dropped, []);
  return encodeOf(pool, dedup(pool, kept), kept).bytes;
}

describe('dedup of inputs with forward declarations', () => {
  it('gives the same bytes when its output is linked again', () => {
    fc.assert(
      fc.property(
        fc.array(forwardGraphs, { minLength: 1, maxLength: 4 }),
        fc.array(fc.nat(), { maxLength: 3 }),
        (inputs, picks) => {
          const once = linkedBytes(inputs, picks);
          const reread = parseBtf(cursorOn(once));
          assert.ok(reread.ok, 'output is read back');
          const pool = new TypePool(new StringPool());
          pool.add(reread.value);
          const kept = keptTypes(pool, [], []);
          const canonical = dedup(pool, kept);
          canonical.forEach((own, id) => assert.equal(own, id));
          assert.deepEqual(encodeOf(pool, canonical, kept).bytes, once);
        },
      ),
      { numRuns: 2000 },
    );
  });

  it('merges only what differs in nothing but forward declarations and parameter names', () => {
    fc.assert(
      fc.property(fc.array(forwardGraphs, { minLength: 2, maxLength: 4 }), (inputs) => {
        const pool = pooled(...inputs);
        const canonical = dedup(pool);
        for (let id = 1; id < pool.count; id++) {
          const own = canonical[id]!;
          assert.equal(canonical[own], own);
          assert.equal(pool.nameId(own), pool.nameId(id));
          if (pool.kind(own) !== pool.kind(id)) {
            assert.equal(pool.kind(id), 7);
            assert.equal(pool.kind(own), pool.kindFlag(id) ? 5 : 4);
            continue;
          }
          // An enum may be declared without values.
          if (pool.kind(id) !== 6) assert.equal(pool.vlen(own), pool.vlen(id));
          if (pool.kind(id) === 2 || pool.kind(id) === 10) {
            assert.equal(canonical[pool.sizeOrType(own)], canonical[pool.sizeOrType(id)]);
          }
        }
      }),
      { numRuns: 1000 },
    );
  });
});

/** Graphs of few names, each now declared, now defined in one of several ways. */
const forwardGraphs: fc.Arbitrary<TestType[]> = fc.integer({ min: 1, max: 9 }).chain((count) => {
  const anyId = fc.integer({ min: 0, max: count });
  const name = fc.constantFrom('a', 'b', 'c');
  const member = fc.constantFrom('m', 'n');
  const node = fc.oneof(
    fc.constant(int('int')),
    fc.tuple(name, fc.boolean()).map(([tag, isUnion]) => forward(tag, isUnion)),
    name.map((tag) => forward(tag)),
    anyId.map(ptr),
    anyId.map(ptr),
    fc.tuple(name, member, anyId).map(([tag, field, type]) => struct(tag, [[field, type]])),
    fc.tuple(name, member, anyId).map(([tag, field, type]) => struct(tag, [[field, type]])),
    fc.tuple(name, member, anyId).map(([tag, field, type]) => union(tag, [[field, type]])),
    fc.tuple(member, anyId).map(([parameter, type]) => prototype(0, [[parameter, type]])),
    name.map((tag) => enumeration(tag, [])),
    fc.tuple(name, member).map(([tag, label]) => enumeration(tag, [[label, 1]])),
  );
  return fc.tuple(...Array.from({ length: count }, () => node));
});

function encodeOf(
  pool: TypePool,
  canonical: Uint32Array,
  live: Uint8Array,
): { readonly bytes: Uint8Array } {
  const encoded = encodeBtf({ pool, canonical, live, datasecs: [], littleEndian: true });
  return { bytes: encoded.bytes() };
}

/** Random graphs with few names, so that much is equal; pointers go anywhere, modifiers down. */
const graphs: fc.Arbitrary<TestType[]> = fc.integer({ min: 1, max: 14 }).chain((count) => {
  const anyId = fc.integer({ min: 0, max: count });
  const name = fc.constantFrom('', 'a', 'b');
  const node = (id: number): fc.Arbitrary<TestType> =>
    fc.oneof(
      fc.constantFrom(int('int'), int('long', 8)),
      anyId.map(ptr),
      fc.integer({ min: 0, max: id - 1 }).map(constant),
      fc.integer({ min: 0, max: id - 1 }).map((type) => typedef('t', type)),
      fc.tuple(name, fc.array(anyId, { maxLength: 2 })).map(
        ([tag, types]) =>
        struct(tag, types.map((type, i) => [`m${i}`, type] as const)), // prettier-ignore
      ),
      fc.tuple(anyId, anyId).map(([type, returned]) => prototype(returned, [['', type]])),
    );
  return fc.tuple(...Array.from({ length: count }, (_, i) => node(i + 1)));
});

/** Where the test's types hold references, independent of the table under test. */
function mapReferences(type: TestType, map: (id: number) => number): TestType {
  const isStruct = type.kind === 4;
  const isPrototype = type.kind === 13;
  const third = isStruct || type.kind === 1 ? type.third! : map(type.third!);
  const elements = type.elements?.map(
    (element) =>
    isStruct || isPrototype ? element.map((word, i) => (i === 1 ? map(word as number) : word)) : element, // prettier-ignore
  );
  return { ...type, third, ...(elements === undefined ? {} : { elements }) };
}

function renumbered(type: TestType, place: ReadonlyMap<number, number>): TestType {
  return mapReferences(type, (id) => (id === 0 ? 0 : place.get(id)!));
}

function shifted(type: TestType, by: number): TestType {
  return mapReferences(type, (id) => (id === 0 ? 0 : id + by));
}

/** The slow and plain way: split by the text of each type until nothing splits. */
function coarsest(types: readonly TestType[]): number[] {
  let group = [0, ...types.map(() => 1)];
  for (;;) {
    const numbers = new Map<string, number>();
    const next = types.map((type, i) => {
      const own = JSON.stringify([group[i + 1], mapReferences(type, (id) => group[id]!)]);
      if (!numbers.has(own)) numbers.set(own, i + 1);
      return numbers.get(own)!;
    });
    if (next.every((number, i) => number === group[i + 1])) return group;
    group = [0, ...next];
  }
}
