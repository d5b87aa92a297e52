import assert from 'node:assert/strict';
import { resolve } from 'node:path';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { expandResponseFiles, maxResponseDepth, splitWords } from './response-file.js';

/** Text of a response file and the words GNU tools read from it. */
const texts: readonly [text: string, words: readonly string[]][] = [
  ['', []],
  [' \t\r\n\f\v', []],
  ['a.o b.o\n-o out.o\n', ['a.o', 'b.o', '-o', 'out.o']],
  ['a.o\r\nb.o\r\n', ['a.o', 'b.o']],
  ['"my file.o" \'your file.o\'', ['my file.o', 'your file.o']],
  ['my" "file.o', ['my file.o']],
  ['my\\ file.o', ['my file.o']],
  ['"a\\"b" \'a\\\'b\' a\\\\b', ['a"b', "a'b", 'a\\b']],
  ['"it\'s" \'"\'', ["it's", '"']],
  ['"" \'\' a""', ['', '', 'a']],
  ['"not closed', ['not closed']],
  ['trailing\\', ['trailing\\']],
  ['two\\\nlines', ['two\nlines']],
  ['no\u00a0break', ['no\u00a0break']],
];

for (const [text, words] of texts) {
  test(`splits ${JSON.stringify(text)}`, () => {
    assert.deepEqual(
      splitWords(text).map((word) => word.text),
      words,
    );
  });
}

test('quoted words come back as they were', () => {
  const quoted = (word: string): string => `"${word.replaceAll(/["\\]/g, '\\$&')}"`;
  fc.assert(
    fc.property(fc.array(fc.string({ unit: 'binary' })), (words) => {
      const split = splitWords(words.map(quoted).join('\n'));
      assert.deepEqual(
        split.map(({ text }) => text),
        words,
      );
    }),
  );
});

test('a word has the line it starts on', () => {
  assert.deepEqual(splitWords('a\n\n "b\nc" d\ne'), [
    { text: 'a', line: 1 },
    { text: 'b\nc', line: 3 },
    { text: 'd', line: 4 },
    { text: 'e', line: 5 },
  ]);
});

/** Expands with files from a record instead of the disk. */
function expand(words: readonly string[], files: Readonly<Record<string, string>>) {
  return expandResponseFiles(words, (path) => {
    const name = Object.keys(files).find((file) => resolve(file) === path);
    if (name === undefined) throw Object.assign(new Error('missing'), { code: 'ENOENT' });
    return files[name]!;
  });
}

test('a command line without response files stays the same array', () => {
  const words = ['a.o', '@', '-o', 'out.o'];
  assert.equal(expandResponseFiles(words).words, words);
});

test('response files are put in place, in order and nested', () => {
  const expansion = expand(['x.o', '@outer', 'y.o'], { outer: 'a.o @inner\nb.o', inner: '-r' });
  assert.deepEqual(expansion, {
    words: ['x.o', 'a.o', '-r', 'b.o', 'y.o'],
    origins: [
      { file: undefined, line: 0 },
      { file: 'outer', line: 1 },
      { file: 'inner', line: 1 },
      { file: 'outer', line: 2 },
      { file: undefined, line: 0 },
    ],
  });
});

test('the name of no file stays as it is', () => {
  assert.deepEqual(expand(['@none', '@list'], { list: '@none' }).words, ['@none', '@none']);
});

test('the same file can be named twice', () => {
  assert.deepEqual(expand(['@list', '@list'], { list: 'a.o' }).words, ['a.o', 'a.o']);
});

test('a cycle is refused with the way round', () => {
  const { problem } = expand(['@a'], { a: '@b', b: 'x.o @./a' });
  assert.equal(problem?.message, 'response file ./a includes itself: a -> b -> ./a');
});

test('nesting is limited', () => {
  const files = Object.fromEntries(
    Array.from({ length: maxResponseDepth + 1 }, (_, depth) => [`f${depth}`, `@f${depth + 1}`]),
  );
  const { problem } = expand(['@f0'], files);
  assert.equal(problem?.message, 'response file f32 is nested more than 32 deep');
});

test('files that name others twice on each level end at the limit', () => {
  const files = Object.fromEntries(
    Array.from({ length: 30 }, (_, depth) => [`f${depth}`, `@f${depth + 1} @f${depth + 1}`]),
  );
  const { problem } = expand(['@f0'], { ...files, f30: 'a.o' });
  assert.equal(problem?.message, 'more than 2000 response files');
});

test('a file that cannot be read is refused', () => {
  const { problem } = expandResponseFiles([`@${import.meta.dirname}`]);
  assert.match(problem?.message ?? '', /^cannot read response file .*EISDIR/);
});
