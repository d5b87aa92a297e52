import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { FieldEditor } from './fields.js';
import { relocationKind } from './kinds.js';

const orders = [true, false];

describe('FieldEditor', () => {
  it('adds what it then reads, in 64-bit fields of both byte orders', () => {
    const number = fc.maxSafeInteger().map((n) => Math.trunc(n / 4) + 0);
    fc.assert(
      fc.property(number, number, fc.constantFrom('ldimm64', 'word64'), (start, delta, field) => {
        for (const littleEndian of orders) {
          const editor = new FieldEditor(new Uint8Array(32), littleEndian);
          assert.ok(editor.add(field, 8, start));
          assert.equal(editor.addend(field, 8), start);
          assert.ok(editor.add(field, 8, delta));
          assert.equal(editor.addend(field, 8), start + delta);
        }
      }),
    );
  });

  it('counts a call in instructions from the next one, and wants whole ones', () => {
    for (const littleEndian of orders) {
      const bytes = new Uint8Array(8);
      const editor = new FieldEditor(bytes, littleEndian);
      new DataView(bytes.buffer).setInt32(4, -1, littleEndian);
      assert.equal(editor.addend('call', 0), 0);
      assert.ok(editor.add('call', 0, 0x48));
      assert.equal(new DataView(bytes.buffer).getInt32(4, littleEndian), 8);
      assert.ok(!editor.add('call', 0, 4));
      assert.ok(!editor.add('call', 0, 2 ** 40));
      assert.equal(editor.addend('call', 0), 0x48);
    }
  });

  it('refuses what a narrow field cannot hold and leaves it as it was', () => {
    for (const littleEndian of orders) {
      const editor = new FieldEditor(new Uint8Array(16), littleEndian);
      assert.ok(editor.add('word32', 0, 0xffff_ffff));
      assert.ok(!editor.add('word32', 0, 1));
      assert.equal(editor.addend('word32', 0), 0xffff_ffff);
      assert.ok(editor.add('jump16', 8, 0x7fff * 8));
      assert.ok(!editor.add('jump16', 8, 8));
    }
  });
});

it('types 1 and 10 are words where there is no code (LLVM before 13)', () => {
  assert.deepEqual([1, 10].map((type) => relocationKind(type, true)?.field), ['ldimm64', 'call']); // prettier-ignore
  assert.deepEqual([1, 10].map((type) => relocationKind(type, false)?.field), ['word64', 'word32']); // prettier-ignore
  assert.equal(relocationKind(77, true), undefined);
});
