import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { link } from '@bpf-ld/linker';
import { caseSets, combinedSets, compilerSets, exampleSets } from '../differential/object-sets.js';
import { linkOurs } from '../differential/linkers.js';
import { readCases } from '../support/case-format.js';
import { bpfLd } from '../support/paths.js';

// link(link(x)) is byte for byte link(x), and a link does not depend on what was linked before it.

describe('a linked output links to itself', () => {
  for (const set of [...caseSets(), ...exampleSets(), ...compilerSets(), ...combinedSets(false)]) {
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

// What options did to the symbols is in the object: linked again without them, or with those that
// ask for a state and not for a change, it stays the same.
describe('a linked output with control of symbols links to itself', () => {
  const work = mkdtempSync(join(tmpdir(), 'bpf-ld-relink-'));
  after(() => rmSync(work, { recursive: true, force: true }));
  const lasting = new Set(['--unique-statics', '--localize-hidden']);

  for (const { name, folder, links } of readCases()) {
    if (!name.startsWith('symbols-')) continue;
    for (const { name: linkName, inputs, options } of links.filter(({ exit }) => exit === 0)) {
      it(`${name} ${linkName}`, () => {
        const run = (args: readonly string[], output: string): Buffer => {
          const words = [bpfLd, '-w', ...args, '-o', join(work, output)];
          const { status, stderr } = spawnSync(process.execPath, words, {
            cwd: folder,
            encoding: 'utf8',
          });
          assert.equal(status, 0, stderr);
          return readFileSync(join(work, output));
        };
        const first = run([...options, ...inputs, '--verify'], 'first.o');
        assert.ok(first.equals(run([...options, ...inputs], 'again.o')), 'the same each time');
        const again = run([join(work, 'first.o')], 'second.o');
        assert.ok(first.equals(again), 'byte for byte the same without options');
        const kept = options.filter((option) => lasting.has(option));
        assert.ok(first.equals(run([...kept, join(work, 'first.o')], 'third.o')), kept.join(' '));
      });
    }
  }
});
