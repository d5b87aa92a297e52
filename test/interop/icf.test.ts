import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { link, type LinkOptions } from '@bpf-ld/linker';
import { caseSets, exampleSets } from '../differential/object-sets.js';
import { fromRoot } from '../support/paths.js';
import { needs, peer } from '../support/peers.js';
import { loader } from './build-peers.js';
import { exampleNames, readExample } from './examples.js';
import * as report from './reports.js';
import { scenarios } from './scenarios.js';

// For the kernel folding changes nothing: programs return the same, and what loads without loads with.

const bpftool = peer('bpftool');
const kernel = peer('kernel');
const libbpf = loader('libbpf');
const work = mkdtempSync(join(tmpdir(), 'bpf-ld-icf-'));
const pins = `/sys/fs/bpf/bpf-ld-icf-${process.pid}`;
after(() => rmSync(work, { recursive: true, force: true }));

const HOW: readonly LinkOptions[] = [
  { icf: 'safe' },
  { icf: 'all' },
  { icf: 'all', gc: {} },
  { icf: 'all', symbols: { localizeHidden: true } },
];

function linkTo(name: string, files: readonly string[], options: LinkOptions) {
  const inputs = files.map((file, i) => ({ name: `${i}.o`, bytes: readFileSync(file) }));
  const result = link({ inputs, options: { ...options, verify: true } });
  assert.ok(result.ok, JSON.stringify(result.diagnostics));
  const path = join(work, name);
  writeFileSync(path, result.image);
  return { path, folded: result.stats.foldedFunctions };
}

function run(object: string, steps: readonly string[]): report.Json {
  const asked = spawnSync(libbpf.path, ['run', object, ...steps], { encoding: 'utf8' });
  assert.ok(asked.status === 0, asked.stderr + asked.stdout);
  return report.runMeaning(asked.stdout);
}

describe('--icf in the kernel', needs(kernel, libbpf), () => {
  for (const name of exampleNames) {
    it(`${name} runs the same`, () => {
      const { parts } = readExample(name);
      const steps = scenarios[name].map(({ text }) => text);
      const plain = run(linkTo('plain.o', parts, {}).path, steps);
      for (const options of HOW) {
        assert.deepEqual(run(linkTo('folded.o', parts, options).path, steps), plain);
      }
    });
  }

  const packet = '00'.repeat(64);
  const programs = {
    'icf-address-taken/a.o': ['taken'],
    'icf-localized/b.o icf-localized/a.o': ['icfl_b'],
    'icf-archive/main.o icf-archive/one.o icf-archive/two.o': ['icfa_program'],
  };
  for (const [files, names] of Object.entries(programs)) {
    it(`${files} runs the same`, () => {
      const paths = files.split(' ').map((file) => fromRoot('test/cases', file));
      const steps = names.map((name) => `run:${name}:${packet}`);
      const plain = run(linkTo('plain.o', paths, {}).path, steps);
      let total = 0;
      for (const options of HOW) {
        const { path, folded } = linkTo('folded.o', paths, options);
        total += folded;
        assert.deepEqual(run(path, steps), plain);
      }
      assert.ok(total > 0, 'something was folded');
    });
  }
});

describe('--icf loads what loads without it', needs(kernel, bpftool), () => {
  const loads = (object: string): { loaded: boolean; log: string } => {
    const asked = spawnSync(bpftool.path, ['--debug', 'prog', 'loadall', object, pins], {
      encoding: 'utf8',
      maxBuffer: 1 << 28,
    });
    rmSync(pins, { recursive: true, force: true });
    const refused = /BTF loading error/.test(asked.stderr);
    return { loaded: asked.status === 0 && !refused, log: asked.stderr.slice(-2000) };
  };
  for (const set of [...caseSets(), ...exampleSets()]) {
    it(set.name, () => {
      const plain = linkTo('plain.o', set.files, {});
      for (const options of HOW) {
        const { path, folded } = linkTo('folded.o', set.files, options);
        if (folded === 0) continue;
        const { loaded, log } = loads(path);
        if (!loaded) assert.ok(!loads(plain.path).loaded, log);
      }
    });
  }
});
