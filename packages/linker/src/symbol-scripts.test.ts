import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { parseDefsym } from './defsym.js';
import { localMatcher } from './symbol-patterns.js';
import { parseSymbolList, parseVersionScript } from './version-script.js';

test('parseDefsym adds and subtracts', () => {
  const parsed = parseDefsym('a = b + 0x10 - (c - 2) - -3');
  assert.ok(parsed.ok);
  assert.equal(parsed.value.name, 'a');
  assert.equal(parsed.value.constant, 0x10 + 2 + 3);
  assert.deepEqual(parsed.value.terms, [
    { name: 'b', sign: 1 },
    { name: 'c', sign: -1 },
  ]);
});

/** Texts that are wrong, and the part that is at fault. */
const wrong: readonly [text: string, at: string, message: RegExp][] = [
  ['a', 'a', /has no =/],
  ['=1', '=', /no name/],
  ['a=', '', /missing/],
  ['a=b c', 'c', /not expected/],
  ['a=b+)', ')', /missing/],
  ['a=(b', '(', /never closed/],
  ['a=b/2', '/', /neither/],
  ['a=08', '08', /decimal/],
  ['a=0x', '0x', /decimal/],
  ['a=9007199254740993', '9007199254740993', /too large/],
  ['a=9007199254740991+1', '1', /too large/],
];
for (const [text, at, message] of wrong) {
  test(`parseDefsym refuses ${text}`, () => {
    const parsed = parseDefsym(text);
    assert.ok(!parsed.ok);
    assert.equal(text.slice(parsed.problem.start, parsed.problem.end), at);
    assert.match(parsed.problem.message, message);
  });
}

test('parseDefsym bounds the depth of parentheses', () => {
  assert.ok(parseDefsym(`a=${'('.repeat(60)}1${')'.repeat(60)}`).ok);
  assert.ok(!parseDefsym(`a=${'('.repeat(100000)}1`).ok);
});

test('patterns match as a shell matches them', () => {
  const matches = (pattern: string, name: string): boolean =>
    localMatcher({ global: [], local: [pattern] })(name);
  for (const [pattern, name] of [
    ['*', ''],
    ['net_*', 'net_'],
    ['*_get', 'net_get'],
    ['n*t*t', 'net_get'],
    ['net_?et', 'net_set'],
    ['net_[gs]et', 'net_set'],
    ['net_[a-h]et', 'net_get'],
    ['net_[!x-z]et', 'net_get'],
    ['net_[^x-z]et', 'net_get'],
    ['net', 'net'],
  ] as const) {
    assert.ok(matches(pattern, name), `${pattern} ${name}`);
  }
  for (const [pattern, name] of [
    ['net_?', 'net_'],
    ['*_get', 'net_gets'],
    ['net_[gs]et', 'net_let'],
    ['net_[!a-h]et', 'net_get'],
    ['net.', 'nets'],
    ['net', 'net_'],
  ] as const) {
    assert.ok(!matches(pattern, name), `${pattern} ${name}`);
  }
});

test('many stars cost no time that grows with their number', () => {
  const isLocal = localMatcher({ global: [], local: [`${'*a'.repeat(1000)}b`] });
  assert.ok(!isLocal('a'.repeat(10000)));
});

test('a name beats a pattern, a pattern beats *, and global wins a tie', () => {
  const isLocal = localMatcher({ global: ['a_*', 'b', '*'], local: ['*', 'a_x', 'b*'] });
  assert.deepEqual(
    ['a_x', 'a_y', 'b', 'bb', 'c'].map((name) => isLocal(name)),
    [true, false, false, true, false],
  );
});

test('version scripts have nodes, comments and extern "C"', () => {
  const parsed = parseVersionScript(
    '# first\nV1 { global: a; b*; /* c; */ local: *; };\nV2 { extern "C" { "d"; e }; } V1;\n',
  );
  assert.ok(parsed.ok);
  assert.deepEqual(parsed.value, { global: ['a', 'b*', 'd', 'e'], local: ['*'] });
});

for (const text of [
  '',
  '{',
  '{}',
  '{ a b; };',
  '{ : };',
  '{ a; } ; x',
  '{ extern "C++" { a; }; };',
  '{ a"; };',
]) {
  test(`refuses the version script '${text}'`, () => {
    const parsed = parseVersionScript(text);
    assert.ok(!parsed.ok);
    assert.ok(parsed.problem.start <= parsed.problem.end && parsed.problem.end <= text.length);
  });
}

test('no text makes a parser throw or point outside of it', () => {
  const text = fc.string({ unit: fc.constantFrom(...'ab={}[];:*+-()0x1" \n#/') });
  fc.assert(
    fc.property(text, (source) => {
      for (const parsed of [parseDefsym(source), parseVersionScript(source)]) {
        if (parsed.ok) continue;
        const { start, end } = parsed.problem;
        assert.ok(0 <= start && start <= end && end <= source.length, JSON.stringify(parsed));
      }
    }),
  );
});

test('lists have a name a line', () => {
  assert.deepEqual(parseSymbolList('a\n\n# b\r\n  c_* \r\n'), ['a', 'c_*']);
});
