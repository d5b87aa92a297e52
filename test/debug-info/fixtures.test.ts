/** Every link case and example: verified debug information, and the same answers about every instruction. */
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { link } from '@bpf-ld/linker';
import { caseSets, exampleSets, type ObjectSet } from '../differential/object-sets.js';
import { needs, peer } from '../support/peers.js';
import { instructions, symbolize, verifyDebugInfo } from './judges.js';

const symbolizer = peer('llvm-symbolizer-19');
const dwarfdump = peer('llvm-dwarfdump-19');
const work = mkdtempSync(join(tmpdir(), 'bpf-ld-debug-'));
after(() => rmSync(work, { recursive: true, force: true }));

/** One order of each: the others put the same pieces elsewhere. */
const seen = new Set<string>();
const sets = [...caseSets(), ...exampleSets()].filter(({ files }: ObjectSet) => {
  const key = files.toSorted().join(' ');
  return !seen.has(key) && seen.add(key);
});

describe('debug information of link cases and examples', needs(symbolizer, dwarfdump), () => {
  for (const { name, files } of sets) {
    for (const [how, options] of [
      ['', {}],
      [', without what nothing needs', { gc: {} }],
    ] as const) {
      it(`${name}${how}`, () => {
        const inputs = files.map((file) => new Uint8Array(readFileSync(file)));
        const named = inputs.map((bytes, i) => ({ name: String(i), bytes }));
        const result = link({ inputs: named, options });
        assert.ok(result.ok);
        assert.ok(!result.diagnostics.some(({ code }) => code === 'malformed-debug-info'));
        const file = join(work, 'out.o');
        writeFileSync(file, result.image);
        assert.equal(verifyDebugInfo(dwarfdump, file), '');

        const moved = instructions(inputs, result.image, result.map());
        const addresses = moved.map(({ outputAddress }) => outputAddress);
        const answers = symbolize(symbolizer, file, result.image, addresses);
        inputs.forEach((bytes, input) => {
          const own = moved.flatMap((m, i) => (m.input === input ? [{ ...m, i }] : []));
          const asked = own.map(({ inputAddress }) => inputAddress);
          const found = own.map(({ i }) => answers[i]);
          assert.deepEqual(found, symbolize(symbolizer, file, bytes, asked));
        });
      });
    }
  }
});
