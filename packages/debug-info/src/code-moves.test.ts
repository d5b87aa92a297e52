import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { CodeMoves } from './code-moves.js';

// Section 1: three functions of 16 bytes, of which the middle one left; 2 left; 3 moved as a whole.
const moves = new CodeMoves((section) => {
  if (section === 2) return 'gone';
  if (section === 3) return 'whole';
  return {
    start: Float64Array.of(0, 16, 32, 48),
    to: Float64Array.of(0, Number.NaN, 16),
    owned: Uint8Array.of(1, 0, 1),
  };
});

describe('CodeMoves', () => {
  it('moves a range with what stays of it', () => {
    assert.deepEqual(moves.range(1, 0, 48), { start: 0, end: 32 });
    assert.deepEqual(moves.range(1, 8, 40), { start: 8, end: 24 });
    assert.deepEqual(moves.range(1, 16, 40), { start: 16, end: 24 });
    assert.deepEqual(moves.range(1, 8, 32), { start: 8, end: 16 });
    assert.equal(moves.range(1, 16, 32), undefined);
    assert.equal(moves.range(1, 24, 32), undefined);
    assert.equal(moves.range(2, 0, 8), undefined);
    assert.deepEqual(moves.range(3, 8, 24), { start: 8, end: 24 });
  });

  it('finds what stays at or behind a place', () => {
    assert.equal(moves.nextPlace(1, 8), 8);
    assert.equal(moves.nextPlace(1, 16), 16);
    assert.equal(moves.nextPlace(1, 24), 16);
    assert.equal(moves.nextPlace(1, 40), 24);
    assert.equal(moves.nextPlace(2, 0), undefined);
    assert.equal(moves.stays(1, 24), false);
    assert.equal(moves.stays(1, 32), true);
  });
});
