import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import type { GlobalId } from '@bpf-ld/symbol-resolver';
import { StringMerger } from './merge-strings.js';
import { cut, placeInPieces } from './pieces.js';

describe('cut', () => {
  const job = fc.record({
    lengths: fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 12 }),
    drop: fc.array(fc.boolean(), { minLength: 12, maxLength: 12 }),
    alignment: fc.constantFrom(1, 4, 8, 32),
  });

  it('keeps what is not dropped, in order, without overlap, at its offset modulo the alignment', () => {
    fc.assert(
      fc.property(job, ({ lengths, drop, alignment }) => {
        const starts = lengths.map((_, i) => lengths.slice(0, i).reduce((a, b) => a + b, 0));
        const size = starts.at(-1)! + lengths.at(-1)!;
        const dropped = starts.flatMap((start, i) =>
          drop[i] ? [{ start, end: start + lengths[i]!, global: 0 as GlobalId }] : [],
        );
        const pieces = cut(size, alignment, dropped);
        let last = -1;
        for (let offset = 0; offset < size; offset++) {
          const gone = dropped.some(({ start, end }) => start <= offset && offset < end);
          const to = placeInPieces(pieces, offset);
          assert.equal(Number.isNaN(to), gone);
          if (gone) continue;
          assert.equal(Math.abs(to - offset) % alignment, 0);
          assert.ok(to > last && to < pieces.size && to <= offset);
          last = to;
        }
        assert.equal(pieces.size, last + 1);
      }),
    );
  });
});

describe('StringMerger', () => {
  it('keeps each string once and finds it from every copy', () => {
    const text = fc.string({ unit: fc.constantFrom('a', 'b'), maxLength: 3 });
    fc.assert(
      fc.property(fc.array(fc.array(text, { minLength: 1 })), (sections) => {
        const merger = new StringMerger();
        const output: number[] = [];
        const placed = sections.map((strings) => {
          const bytes = new Uint8Array(Buffer.from(strings.map((s) => `${s}\0`).join('')));
          const base = output.length;
          const pieces = merger.add(bytes, base);
          pieces.owned.forEach((owned, i) => {
            if (owned) output.push(...bytes.subarray(pieces.start[i], pieces.start[i + 1]));
          });
          assert.equal(output.length, base + pieces.size);
          return { bytes, pieces, base };
        });
        for (const { bytes, pieces, base } of placed) {
          bytes.forEach((byte, i) => assert.equal(output[base + placeInPieces(pieces, i)], byte));
        }
        assert.equal(
          Buffer.from(output).toString().split('\0').length - 1,
          new Set(sections.flat()).size,
        );
      }),
    );
  });
});
