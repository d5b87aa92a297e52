import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { findHosts, splitStrings, StringMerger } from './merge-strings.js';
import { placeInPieces, type PieceMap } from './pieces.js';

const string = fc.array(fc.constantFrom('a', 'b'), { maxLength: 5 }).map((text) => text.join(''));
const section = fc.array(string, { maxLength: 8 }).map((texts) => bytesOf(texts));

function bytesOf(texts: readonly string[]): Uint8Array {
  return new TextEncoder().encode(texts.map((text) => `${text}\0`).join(''));
}

/** The output section that the pieces of the inputs make. */
function merge(inputs: readonly Uint8Array[], hosts: ReadonlyMap<string, string>) {
  const merger = new StringMerger(hosts);
  const maps: { readonly map: PieceMap; readonly base: number }[] = [];
  let base = 0;
  for (const bytes of inputs) {
    const map = merger.add(bytes, base);
    maps.push({ map, base });
    base += map.size;
  }
  merger.placeTails();
  const output = new Uint8Array(base);
  maps.forEach(({ map, base: at }, i) => {
    for (let piece = 0; piece < map.to.length; piece++) {
      if (map.owned[piece] === 0) continue;
      const bytes = inputs[i]!.subarray(map.start[piece], map.start[piece + 1]);
      output.set(bytes, at + map.to[piece]!);
    }
  });
  return { output, maps };
}

test('every string reads the same where it went, with tails shared and without', () => {
  fc.assert(
    fc.property(fc.array(section, { maxLength: 4 }), fc.boolean(), (inputs, tails) => {
      const strings = new Set(inputs.flatMap((bytes) => [...splitStrings(bytes)]));
      const { output, maps } = merge(inputs, tails ? findHosts(strings) : new Map());
      inputs.forEach((bytes, i) => {
        const { map, base } = maps[i]!;
        for (let at = 0; at < bytes.length; at++) {
          const end = bytes.indexOf(0, at) + 1;
          const to = base + placeInPieces(map, at);
          assert.deepEqual(output.subarray(to, to + end - at), bytes.subarray(at, end));
        }
      });
      if (!tails) return;
      const kept = [...splitStrings(output)];
      const ends = kept.filter((text) =>
        kept.some((other) => other !== text && other.endsWith(text)),
      );
      assert.deepEqual(ends, []);
    }),
  );
});
