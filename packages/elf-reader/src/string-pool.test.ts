import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { encodeUtf8 } from './cursor.js';
import { StringPool } from './string-pool.js';

describe('StringPool', () => {
  it('gives equal bytes one id, different bytes different ids, in order of first appearance', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'grapheme', maxLength: 12 })), (texts) => {
        const pool = new StringPool();
        const distinct = ['', ...new Set(texts.filter((text) => text !== ''))];
        for (const text of texts) {
          const bytes = encodeUtf8(`<${text}>`);
          assert.equal(pool.intern(bytes, 1, bytes.length - 1), distinct.indexOf(text));
        }
        assert.equal(pool.size, distinct.length);
        distinct.forEach((text, id) => {
          assert.equal(pool.text(id), text);
          assert.equal(pool.byteLength(id), encodeUtf8(text).length);
        });
      }),
    );
  });

  it('keeps every string while it grows', () => {
    const pool = new StringPool();
    const ids = Array.from({ length: 20_000 }, (_, i) => pool.internText(`name_${i}`));
    const target = new Uint8Array(64);
    ids.forEach((id, i) => {
      const end = pool.copyTo(id, target, 3);
      assert.equal(Buffer.from(target.subarray(3, end)).toString(), `name_${i}`);
      assert.equal(pool.internText(`name_${i}`), id);
    });
    const long = 'x'.repeat(100_000);
    assert.equal(pool.text(pool.internText(long)), long);
  });
});
