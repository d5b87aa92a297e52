import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { editDistance } from './similar-names.js';

/** The textbook definition. */
function levenshtein(from: string, to: string): number {
  if (from === '' || to === '') return from.length + to.length;
  const [f, t] = [from.slice(1), to.slice(1)];
  const substitution = levenshtein(f, t) + (from[0] === to[0] ? 0 : 1);
  return Math.min(substitution, levenshtein(f, to) + 1, levenshtein(from, t) + 1);
}

test('the bounded distance is the edit distance up to the bound', () => {
  const word = fc.string({ unit: fc.constantFrom('a', 'b', 'c'), maxLength: 6 });
  fc.assert(
    fc.property(word, word, fc.integer({ min: 1, max: 7 }), (from, to, limit) => {
      assert.equal(editDistance(from, to, limit), Math.min(levenshtein(from, to), limit));
    }),
  );
});

test('names of a megabyte are compared within the bound only', { timeout: 10_000 }, () => {
  const name = 'ab'.repeat(500_000);
  assert.equal(editDistance(`${name}x`, `y${name}`, 4), 2);
});
