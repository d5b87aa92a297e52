import assert from 'node:assert/strict';
import { test } from 'node:test';
import { crc32, debugLink } from './debug-link.js';

const text = (value: string): Uint8Array => new TextEncoder().encode(value);

test('the CRC-32 of "123456789" is the check value of the algorithm', () => {
  assert.equal(crc32(text('123456789')), 0xcbf4_3926);
  assert.equal(crc32(new Uint8Array(0)), 0);
});

test('a debug link is a padded name and a CRC in the byte order of the file', () => {
  for (const [name, size] of [
    ['abc', 4],
    ['abcd', 8],
  ] as const) {
    for (const littleEndian of [true, false]) {
      const link = debugLink(name, text('123456789'), littleEndian);
      assert.equal(link.length, size + 4);
      assert.deepEqual([...link.subarray(0, name.length + 1)], [...text(name), 0]);
      const crc = new DataView(link.buffer).getUint32(size, littleEndian);
      assert.equal(crc, 0xcbf4_3926);
    }
  }
});
