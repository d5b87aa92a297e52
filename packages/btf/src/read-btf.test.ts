import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import {
  array,
  btfOf,
  buildBtf,
  constant,
  cursorOn,
  datasec,
  declTag,
  enumeration,
  forward,
  func,
  int,
  parsed,
  prototype,
  ptr,
  struct,
  type TestType,
  typedef,
  variable,
} from './build-btf.testkit.js';
import { KINDS, typeWords } from './kinds.js';
import { parseBtf } from './read-btf.js';

const sample: readonly TestType[] = [
  int('int'),
  struct('event', [
    ['pid', 1],
    ['next', 3],
  ]),
  ptr(2),
  array(1, 1, 16),
  enumeration('color', [['RED', 0]]),
  forward('later'),
  typedef('u32', 1),
  prototype(1, [['e', 3]]),
  func('handle', 8),
  variable('counter', 1),
  datasec('.bss', [[10, 0, 4]]),
  declTag('user', 9),
];

function messageOf(types: readonly TestType[]): string {
  const result = parseBtf(cursorOn(buildBtf(types)));
  assert.ok(!result.ok, 'the types were accepted');
  return result.error.message;
}

describe('kinds', () => {
  it('stand in the table at their own number', () => {
    KINDS.forEach((descriptor, i) => assert.equal(descriptor.kind, i));
  });

  it('have the sizes the kernel documents', () => {
    const size = (kind: number, vlen: number): number => typeWords((kind << 24) | vlen) * 4;
    const sizes = KINDS.slice(1).map(
      ({ kind, name }) => `${name} ${size(kind, 0)} ${size(kind, 2)}`,
    );
    assert.deepEqual(sizes, [
      'INT 16 16',
      'PTR 12 12',
      'ARRAY 24 24',
      'STRUCT 12 36',
      'UNION 12 36',
      'ENUM 12 28',
      'FWD 12 12',
      'TYPEDEF 12 12',
      'VOLATILE 12 12',
      'CONST 12 12',
      'RESTRICT 12 12',
      'FUNC 12 12',
      'FUNC_PROTO 12 28',
      'VAR 16 16',
      'DATASEC 12 36',
      'FLOAT 12 12',
      'DECL_TAG 16 16',
      'TYPE_TAG 12 12',
      'ENUM64 12 36',
    ]);
  });
});

describe('parseBtf', () => {
  it('reads both byte orders alike', () => {
    const little = parsed(buildBtf(sample));
    const big = parsed(buildBtf(sample, { littleEndian: false }), false);
    assert.equal(little.typeCount, sample.length + 1);
    assert.deepEqual(big.words, little.words);
    assert.deepEqual(big.typeAt, little.typeAt);
    assert.equal(big.strings.cstring(1), 'int');
  });

  it('honours a header longer than 24 bytes', () => {
    const long = parsed(buildBtf(sample, { headerLength: 32 }));
    assert.deepEqual(long.words, btfOf(sample).words);
  });

  it('reads bytes that do not start at a multiple of 4', () => {
    const bytes = buildBtf(sample);
    const shifted = new Uint8Array(bytes.length + 1);
    shifted.set(bytes, 1);
    assert.deepEqual(parsed(shifted.subarray(1)).words, btfOf(sample).words);
  });

  it('names what is wrong, and where', () => {
    assert.match(messageOf([{ kind: 25 }]), /type 1 is of unknown kind 25/);
    assert.match(messageOf([ptr(7)]), /type 1 \(PTR\) refers to type 7, there are 2/);
    assert.match(
      messageOf([int('int'), struct('s', [['m', 9]])]),
      /type 2 \(STRUCT\) refers to type 9/,
    );
    assert.match(messageOf([array(1, 3, 1)]), /refers to type 3/);
    assert.match(messageOf([int('int'), func('f', 1)]), /FUNC\) has type 1, not a FUNC_PROTO/);
    assert.match(messageOf([int('int'), datasec('.bss', [[1, 0, 4]])]), /neither VAR nor FUNC/);
    const bytes = buildBtf([ptr(0), ptr(5)]);
    const result = parseBtf(cursorOn(bytes));
    assert.ok(!result.ok);
    assert.equal(result.error.place.offset, 24 + 12 + 8);
  });

  it('refuses chains that never end', () => {
    assert.match(messageOf([typedef('a', 2), constant(1)]), /refers to itself/);
    assert.match(messageOf([constant(1)]), /refers to itself/);
    assert.match(messageOf([int('int'), array(3, 1, 2), typedef('a', 2)]), /refers to itself/);
    assert.match(messageOf([constant(2), constant(3), constant(2)]), /refers to itself/);
    btfOf([ptr(1)]);
    btfOf([constant(2), constant(3), ptr(1)]);
  });

  it('lets strings share their ends, but not without measure', () => {
    const shared = buildBtf([typedef('longer', 0), typedef('', 0)]);
    new DataView(shared.buffer).setUint32(24 + 12, 5, true);
    const btf = parsed(shared);
    assert.equal(btf.strings.cstring(btf.words[btf.typeAt[2]!]!), 'er');
    const many = buildBtf([typedef('x'.repeat(50_000), 0), ...Array(1000).fill(typedef('', 0))]);
    const view = new DataView(many.buffer);
    for (let i = 1; i <= 1000; i++) view.setUint32(24 + 12 * i, 1 + i, true);
    const result = parseBtf(cursorOn(many));
    assert.ok(!result.ok);
    assert.match(result.error.message, /within another one, as too many have/);
  });

  it('answers any change of a word and any cut with a value', () => {
    const good = buildBtf(sample);
    fc.assert(
      fc.property(
        fc.nat(Math.floor(good.length / 4) - 1),
        fc.oneof(fc.constantFrom(0, 1, 0xffffffff, 0x7fffffff), fc.nat()),
        fc.nat(good.length),
        (word, value, cut) => {
          const changed = good.slice();
          new DataView(changed.buffer).setUint32(word * 4, value, true);
          parseBtf(cursorOn(changed));
          const short = parseBtf(cursorOn(good.subarray(0, cut)));
          assert.equal(short.ok, cut === good.length);
        },
      ),
    );
  });
});
