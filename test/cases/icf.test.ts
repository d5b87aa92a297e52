import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { link, type LinkOptions } from '@bpf-ld/linker';
import { caseSets, combinedSets, exampleSets } from '../differential/object-sets.js';
import { readRawObject } from '../support/raw-object.js';
import { sameProgram } from '../support/same-program.js';

// --icf on everything that links: what was folded is the same walked instruction by instruction, its
// size is what the report says, and the output links to itself.

const HOW: readonly (readonly [string, LinkOptions])[] = [
  ['safe', { icf: 'safe' }],
  ['all', { icf: 'all' }],
  ['all, garbage collected', { icf: 'all', gc: {} }],
  ['all, tails merged', { icf: 'all', mergeTails: true }],
  ['all, hidden functions local', { icf: 'all', symbols: { localizeHidden: true } }],
];

function linked(inputs: readonly { name: string; bytes: Uint8Array }[], options: LinkOptions) {
  const result = link({ inputs, options: { ...options, verify: true } });
  assert.ok(result.ok, JSON.stringify(result.diagnostics));
  return result;
}

describe('--icf', () => {
  let total = 0;
  for (const set of [...caseSets(), ...exampleSets(), ...combinedSets(false)]) {
    it(set.name, () => {
      const inputs = set.files.map((file, i) => ({ name: `${i}.o`, bytes: readFileSync(file) }));
      for (const [how, options] of HOW) {
        const { icf: _, ...others } = options;
        const plain = linked(inputs, others);
        const folded = linked(inputs, options);
        const same = sameProgram(readRawObject(plain.image), readRawObject(folded.image));
        assert.deepEqual(same.differences, [], how);
        const reported = folded.folded.flatMap((piece) => piece.folded);
        assert.equal(folded.stats.foldedFunctions, reported.length);
        total += reported.length;
        const names = new Set(reported.map(({ symbol }) => symbol));
        for (const { kept } of folded.folded) names.add(kept.symbol);
        for (const pair of same.folded) {
          assert.ok(
            pair.every((name) => names.has(name)),
            `${pair.join(' and ')} are not reported`,
          );
        }
        const output = [{ name: 'out.o', bytes: folded.image }];
        assert.ok(Buffer.from(linked(output, options).image).equals(folded.image), `${how}: again`);
        assert.ok(Buffer.from(linked(output, {}).image).equals(folded.image), `${how}: without`);
      }
    });
  }
  it('folds anything at all', () => assert.ok(total > 100, `${total} functions folded`));
});
