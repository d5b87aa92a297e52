import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { casesFolder } from '../support/case-format.js';
import { readRawObject } from '../support/raw-object.js';
import { compareMeanings } from './compare.js';
import { meaningOf } from './meaning.js';

// The comparison sees a difference wherever there is one: each byte of an object that means
// something is changed in turn.

const bytes = new Uint8Array(readFileSync(join(casesFolder, 'core-relocations', 'a.o')));
const good = meaningOf(readRawObject(bytes));

/** The aspects in which the object differs once the byte `at` of a section is another. */
function aspectsAfterChange(section: string, at: number, value?: number): string[] {
  const copy = bytes.slice();
  const view = new DataView(copy.buffer);
  const headers = Number(view.getBigUint64(40, true));
  const index = readRawObject(bytes).sections.find(({ name }) => name === section)!.index;
  const place = Number(view.getBigUint64(headers + index * 64 + 24, true)) + at;
  copy[place] = value ?? copy[place]! ^ 1;
  const changed = meaningOf(readRawObject(copy));
  return [...new Set(compareMeanings(changed, good).map(({ aspect }) => aspect))];
}

describe('the comparison of meanings', () => {
  it('finds nothing between an object and itself', () => {
    assert.deepEqual(compareMeanings(good, meaningOf(readRawObject(bytes))), []);
  });
  it('finds another instruction', () => {
    assert.deepEqual(aspectsAfterChange('.text', 1), ['section', 'symbol']);
  });
  it('finds another target of a call', () => {
    assert.deepEqual(aspectsAfterChange('raw_tp/shared', 4, 0), ['reference']);
  });
  it('finds another relocation offset', () => {
    assert.ok(aspectsAfterChange('.relraw_tp/shared', 0, 8).includes('reference'));
  });
  it('finds another binding and another size of a symbol', () => {
    const { symbols } = readRawObject(bytes);
    const core = symbols.find(({ name }) => name === 'core_a')!.index * 24;
    assert.ok(aspectsAfterChange('.symtab', core + 4, 0x22).includes('symbol'));
    assert.ok(aspectsAfterChange('.symtab', core + 16, 8).includes('symbol'));
  });
  it('finds another offset in func_info, line_info and core_relo', () => {
    const ext = readRawObject(bytes).sections.find(({ name }) => name === '.BTF.ext')!;
    const view = new DataView(ext.bytes.buffer, ext.bytes.byteOffset, ext.size);
    const header = view.getUint32(4, true);
    for (const field of [8, 16, 24]) {
      const first = header + view.getUint32(field, true) + 12;
      assert.deepEqual(aspectsAfterChange('.BTF.ext', first, 0x10), ['record']);
    }
  });
  it('finds another type', () => {
    assert.ok(aspectsAfterChange('.BTF', 24 + 8, 3).includes('type'));
  });
  it('takes more copies of a type, not fewer, for a difference', () => {
    const types = new Map(good.types);
    const [form, count] = [...types][0]!;
    types.set(form, count + 1);
    assert.equal(compareMeanings({ ...good, types }, good).length, 1);
    assert.equal(compareMeanings(good, { ...good, types }).length, 0);
  });
});
