import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { link } from '@bpf-ld/linker';
import { caseSets, combinedSets, exampleSets } from '../differential/object-sets.js';
import { linkOurs } from '../differential/linkers.js';

// link(link(x)) is byte for byte link(x), and a link does not depend on what was linked before it.

describe('a linked output links to itself', () => {
  for (const set of [...caseSets(), ...exampleSets(), ...combinedSets(false)]) {
    it(set.name, () => {
      const first = linkOurs(set.files);
      assert.ok(first.ok, 'the inputs link');
      const inputs = [{ name: 'out.o', bytes: first.image }];
      const second = link({ inputs, options: { verify: true } });
      assert.ok(second.ok, `the output links: ${JSON.stringify(second.diagnostics)}`);
      assert.ok(Buffer.from(first.image).equals(second.image), 'byte for byte the same');
      const again = linkOurs(set.files);
      assert.ok(again.ok && Buffer.from(first.image).equals(again.image), 'the same each time');
    });
  }
});
