import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, unlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { type Link, type LinkCase, readCases } from '../support/case-format.js';
import { dumpObject } from '../support/dump.js';
import { assertExpected, updating } from '../support/expected.js';
import { bpfLd } from '../support/paths.js';

// Every link case, through the command: exit status, standard error, link map and the whole output
// as text. UPDATE=1 rewrites the expected text; read the diff before you commit it.

const work = mkdtempSync(join(tmpdir(), 'bpf-ld-cases-'));
after(() => rmSync(work, { recursive: true, force: true }));

for (const linkCase of readCases()) {
  describe(`${linkCase.name}: ${linkCase.about}`, () => {
    for (const link of linkCase.links) {
      it(`${link.inputs.join(' ')} ${link.options.join(' ')}`.trim(), () => {
        runLink(linkCase, link);
      });
    }
    it('has no expected text without a link', () => {
      const names = new Set(linkCase.links.flatMap((link) => expectedFiles(link)));
      const strays = readdirSync(linkCase.folder).filter(
        (file) => file.endsWith('.expected') && !names.has(file),
      );
      if (updating('expected')) for (const file of strays) unlinkSync(join(linkCase.folder, file));
      else assert.deepEqual(strays, []);
    });
  });
}

function expectedFiles(link: Link): string[] {
  return ['object', 'stderr', 'map', 'stdout'].map((what) => `${link.name}.${what}.expected`);
}

function runLink(linkCase: LinkCase, link: Link): void {
  const output = join(work, 'out.o');
  const map = join(work, 'out.map');
  for (const file of [output, map]) if (existsSync(file)) unlinkSync(file);
  const args = [bpfLd, ...link.options, ...link.inputs, '-o', output, '-Map', map];
  const run = spawnSync(process.execPath, args, { cwd: linkCase.folder, encoding: 'utf8' });
  assert.equal(run.signal, null);
  assert.equal(run.status, link.exit, run.stderr);
  assert.equal(existsSync(output), link.exit === 0, 'an output exists if and only if the link did');
  const [objectText, stderrText, mapText, stdoutText] = expectedFiles(link).map((file) =>
    join(linkCase.folder, file),
  );
  const readable = (text: string) => text.replaceAll(work, '.');
  assertExpected(stderrText!, readable(run.stderr));
  assertExpected(stdoutText!, readable(run.stdout));
  assertExpected(mapText!, existsSync(map) ? readable(readFileSync(map, 'utf8')) : '');
  assertExpected(objectText!, link.exit === 0 ? dumpObject('out.o', readFileSync(output)) : '');
}
