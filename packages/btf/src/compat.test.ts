import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { StringPool } from '@bpf-ld/elf-reader';
import {
  array,
  btfOf,
  constant,
  enumeration,
  forward,
  func,
  int,
  prototype,
  ptr,
  struct,
  type TestType,
  typedef,
  variable,
} from './build-btf.testkit.js';
import { compareDeclarations } from './compat.js';
import { compareMapDefinitions } from './compat-map.js';
import { dedup } from './dedup.js';
import { printDeclaration, printType } from './print-c.js';
import { TypePool } from './type-pool.js';

function pooled(...inputs: readonly (readonly TestType[])[]): TypePool {
  const pool = new TypePool(new StringPool());
  for (const types of inputs) pool.add(btfOf(types));
  return pool;
}

/** Compares the last types of two inputs. */
function reasonOf(one: readonly TestType[], other: readonly TestType[]): string | undefined {
  const pool = pooled(one, other);
  return compareDeclarations(pool, dedup(pool), one.length, one.length + other.length)?.reason;
}

describe('compareDeclarations', () => {
  const int4 = int('int');
  const long = int('long', 8);

  it('skips typedefs and qualifiers, and takes numbers by size', () => {
    const plain = [int4, variable('x', 1)];
    assert.equal(reasonOf(plain, [int('u32', 4, 0), typedef('t', 1), constant(2), variable('x', 3)]), undefined); // prettier-ignore
    assert.equal(reasonOf(plain, [long, variable('x', 1)]), 'int (4 bytes) against long (8 bytes)');
    assert.equal(reasonOf(plain, [int4, ptr(1), variable('x', 2)]), 'int against int *');
  });

  it('names the parameter that differs', () => {
    const f = (second: TestType): TestType[] => [int4, second, prototype(1, [['', 1], ['', 2]]), func('f', 3)]; // prettier-ignore
    assert.equal(
      reasonOf(f(int('int', 4)), f(long)),
      'parameter 2: int (4 bytes) against long (8 bytes)',
    );
    assert.equal(reasonOf(f(long), [int4, prototype(1, [['v', 1]]), func('f', 2)]), '2 parameters against 1'); // prettier-ignore
    assert.equal(reasonOf([prototype(0, []), func('f', 1)], [int4, prototype(1, []), func('f', 2)]), 'return value: void against int'); // prettier-ignore
  });

  it('compares structs by name and members, behind pointers by name alone', () => {
    const s = (member: string, size: number): TestType[] => [
      int('int', size),
      struct('s', [[member, 1]]),
      variable('x', 2),
    ];
    assert.equal(reasonOf(s('a', 4), s('b', 4)), "member 1: 'a' against 'b'");
    assert.equal(reasonOf(s('a', 4), s('a', 2)), "member 'a': int (4 bytes) against int (2 bytes)");
    const pointer = (member: string): TestType[] => [
      ...s(member, 4).slice(0, 2),
      ptr(2),
      variable('x', 3),
    ];
    assert.equal(reasonOf(pointer('a'), pointer('b')), undefined);
    assert.equal(reasonOf(pointer('a'), [forward('s'), ptr(1), variable('x', 2)]), undefined);
    assert.match(reasonOf(pointer('a'), [forward('q'), ptr(1), variable('x', 2)])!, /struct s against struct q/); // prettier-ignore
    assert.match(reasonOf(pointer('a'), [forward('s', true), ptr(1), variable('x', 2)])!, /against union s/); // prettier-ignore
  });

  it('takes enums by name and size, arrays by element', () => {
    const e = (name: string, value: number): TestType[] => [
      enumeration(name, [['A', value]]),
      variable('x', 1),
    ];
    assert.equal(reasonOf(e('e', 1), e('e', 2)), undefined);
    assert.match(reasonOf(e('e', 1), e('g', 1))!, /enum e against enum g/);
    const declared = [{ ...enumeration('e', []), third: 0 }, ptr(1), variable('x', 2)];
    const full = [enumeration('e', [['A', 1]]), ptr(1), variable('x', 2)]; // prettier-ignore
    const other = [enumeration('o', []), ptr(1), variable('x', 2)];
    assert.equal(reasonOf(declared, full), undefined);
    assert.match(reasonOf(declared, other)!, /enum e against enum o/);
    const a = (size: number, count: number): TestType[] => [
      int('int', size),
      array(1, 1, count),
      variable('x', 2),
    ];
    assert.equal(reasonOf(a(4, 3), a(4, 0)), undefined);
    assert.match(reasonOf(a(4, 3), a(8, 3))!, /^element: /);
  });

  it('ends on graphs that refer to themselves', () => {
    const loop = (size: number): TestType[] => [
      int('int', size),
      prototype(1, [['', 3]]),
      ptr(2),
      variable('x', 3),
    ];
    assert.equal(reasonOf(loop(4), loop(4)), undefined);
    assert.match(reasonOf(loop(4), loop(8))!, /return value/);
  });
});

describe('compareMapDefinitions', () => {
  const map = (type: number, entries: number, valueSize = 8): TestType[] => [
    int('int'),
    int('value', valueSize),
    array(1, 1, type),
    ptr(3),
    array(1, 1, entries),
    ptr(5),
    ptr(1),
    ptr(2),
    struct('', [['type', 4], ['max_entries', 6], ['key', 7], ['value', 8]]), // prettier-ignore
    variable('m', 9),
  ];
  const reason = (a: TestType[], b: TestType[]): string | undefined => {
    const pool = pooled(a, b);
    return compareMapDefinitions(pool, dedup(pool), a.length, a.length + b.length)?.reason;
  };
  it('compares attribute by attribute', () => {
    assert.equal(reason(map(1, 64), map(1, 64)), undefined);
    assert.equal(reason(map(1, 64), map(2, 64)), 'type 1 against 2');
    assert.equal(reason(map(1, 64), map(1, 128)), 'max_entries 64 against 128');
    assert.equal(reason(map(1, 64), map(1, 64, 4)), 'value_size 8 against 4');
  });
});

describe('printDeclaration', () => {
  const types = [
    int('int'),
    struct('ctx', [['a', 1]]),
    ptr(2),
    prototype(1, [['', 3], ['n', 1]]), // prettier-ignore
    ptr(4),
    array(5, 1, 4),
    variable('handlers', 6),
    func('helper', 4, 2),
    constant(1),
    ptr(9),
    constant(10),
    variable('p', 11, 2),
    array(1, 1, 3),
    ptr(13),
    variable('q', 14, 0),
    prototype(5, []),
    func('get', 16),
    prototype(0, [['fmt', 10], ['', 0]]), // prettier-ignore
    func('log', 18),
    struct('', [['x', 1]]),
    struct('outer', [['in', 20], ['cb', 5]]), // prettier-ignore
    array(13, 1, 2),
    variable('grid', 22),
    typedef('cb_t', 5),
  ];
  const pool = pooled(types);
  const expected: readonly (readonly [number, string])[] = [
    [7, 'int (*handlers[4])(struct ctx *, int n)'],
    [8, 'extern int helper(struct ctx *, int n)'],
    [12, 'extern const int *const p'],
    [15, 'static int (*q)[3]'],
    [17, 'int (*get(void))(struct ctx *, int n)'],
    [19, 'void log(const int *fmt, ...)'],
    [21, 'struct outer {\n  struct {\n    int x;\n  } in;\n  int (*cb)(struct ctx *, int n);\n}'],
    [23, 'int grid[2][3]'],
    [24, 'typedef int (*cb_t)(struct ctx *, int n)'],
  ];
  it('writes declarators as C has them', () => {
    for (const [id, text] of expected) assert.equal(printDeclaration(pool, id), text);
    assert.equal(printType(pool, 5), 'int (*)(struct ctx *, int n)');
  });

  it('is bounded for types that contain themselves', () => {
    const hostile: TestType[] = [
      struct('', [['a', 1], ['b', 1]]), // prettier-ignore
      prototype(3, [['', 3], ['', 3]]), // prettier-ignore
      ptr(2),
      ptr(4),
      variable('x', 3),
    ];
    const endless = pooled(hostile);
    for (let id = 1; id <= hostile.length; id++) {
      assert.ok(printDeclaration(endless, id).length < 200_000);
    }
  });
});
