import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { link } from '@bpf-ld/linker';
import { casesFolder, permutations } from '../support/case-format.js';
import { needs, peer } from '../support/peers.js';
import { readRawObject } from '../support/raw-object.js';
import { sameProgram } from '../support/same-program.js';
import { compareSet } from './compare-set.js';
import { bpftoolLinker, linkOurs } from './linkers.js';
import { checkPreserved } from './preserved.js';
import { randomProgram } from './random-program.js';

// Programs nobody wrote: three files with names that are strong here, weak or static there, extern
// elsewhere, linked in every order. PROGRAMS=500 takes more of them; a failure names its seed.

const FILES = 3;
const programs = Number(process.env['PROGRAMS'] ?? 24);
const first = Number(process.env['SEED'] ?? 1);
const clang = peer('clang-19');
const linker = bpftoolLinker();
const work = mkdtempSync(join(tmpdir(), 'bpf-ld-random-'));
after(() => rmSync(work, { recursive: true, force: true }));

describe('random programs', needs(clang, linker.peer), () => {
  for (let seed = first; seed < first + programs; seed++) {
    it(`seed ${seed}`, () => {
      const target = seed % 4 === 0 ? 'bpfeb' : 'bpfel';
      const files = randomProgram(seed, FILES).map((source, i) =>
        compile(`${seed}-${i}`, source, target),
      );
      for (const [i, order] of permutations(files).entries()) {
        const set = { name: `seed ${seed} order ${i}`, files: order };
        compareSet(set, linker, new Set());
        checkPreserved(set);
        const linked = linkOurs(order);
        assert.ok(linked.ok);
        const again = link({ inputs: [{ name: 'out.o', bytes: linked.image }] });
        assert.ok(again.ok && Buffer.from(again.image).equals(linked.image), 'links to itself');
        checkFolded(order);
      }
    });
  }
});

/** Folds what there is, then with the functions local so that there is more, and walks both. */
function checkFolded(files: readonly string[]): void {
  const inputs = files.map((file) => ({ name: file, bytes: readFileSync(file) }));
  for (const symbols of [{}, { scope: { global: [], local: ['f*'] } }]) {
    const options = { icf: 'all', symbols, verify: true } as const;
    const plain = link({ inputs, options: { symbols } });
    const folded = link({ inputs, options });
    assert.ok(plain.ok && folded.ok);
    const same = sameProgram(readRawObject(plain.image), readRawObject(folded.image));
    assert.deepEqual(same.differences, []);
    for (const again of [options, {}]) {
      const relinked = link({ inputs: [{ name: 'out.o', bytes: folded.image }], options: again });
      assert.ok(relinked.ok && Buffer.from(relinked.image).equals(folded.image), 'folds to itself');
    }
  }
}

function compile(name: string, source: string, target: string): string {
  const file = join(work, `${name}.c`);
  const object = join(work, `${name}.o`);
  writeFileSync(file, source);
  const flags = ['-target', target, '-mcpu=v3', '-O2', '-g', '-w', `-I${casesFolder}include`];
  const run = spawnSync(clang.path, [...flags, '-c', file, '-o', object], { encoding: 'utf8' });
  assert.equal(run.status, 0, run.stderr);
  return object;
}
