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

// --gc-sections leaves every example as it was for the kernel: the programs return the same, with and
// without a library beside them of which nothing is used; and what loads without it loads with it.

const bpftool = peer('bpftool');
const kernel = peer('kernel');
const libbpf = loader('libbpf');
const work = mkdtempSync(join(tmpdir(), 'bpf-ld-gc-'));
const pins = `/sys/fs/bpf/bpf-ld-gc-${process.pid}`;
after(() => rmSync(work, { recursive: true, force: true }));

const unused = fromRoot('test/cases/gc-sections/library.o');

function linkTo(name: string, files: readonly string[], options: LinkOptions): string {
  const inputs = files.map((file, i) => ({ name: `${i}.o`, bytes: readFileSync(file) }));
  const result = link({ inputs, options: { ...options, verify: true } });
  assert.ok(result.ok, JSON.stringify(result.diagnostics));
  const path = join(work, name);
  writeFileSync(path, result.image);
  return path;
}

describe('--gc-sections in the kernel', needs(kernel, libbpf), () => {
  for (const name of exampleNames) {
    const { parts } = readExample(name);
    const steps = scenarios[name].map(({ text }) => text);
    const run = (object: string): report.Json => {
      const asked = spawnSync(libbpf.path, ['run', object, ...steps], { encoding: 'utf8' });
      assert.ok(asked.status === 0, asked.stderr + asked.stdout);
      return report.runMeaning(asked.stdout);
    };
    it(`${name} runs the same`, () => {
      const plain = run(linkTo('plain.o', parts, {}));
      assert.deepEqual(run(linkTo('collected.o', parts, { gc: {} })), plain);
      const beside = linkTo('beside.o', [unused, ...parts], { gc: { maps: true } });
      assert.deepEqual(run(beside), plain);
      const behind = linkTo('behind.o', [...parts, unused], { gc: { maps: true } });
      assert.deepEqual(run(behind), plain);
    });
  }
});

describe('--gc-sections loads what loads without it', needs(kernel, bpftool), () => {
  const loads = (object: string): { loaded: boolean; log: string } => {
    const run = spawnSync(bpftool.path, ['--debug', 'prog', 'loadall', object, pins], {
      encoding: 'utf8',
      maxBuffer: 1 << 28,
    });
    rmSync(pins, { recursive: true, force: true });
    const refused = /BTF loading error/.test(run.stderr);
    return { loaded: run.status === 0 && !refused, log: run.stderr.slice(-2000) };
  };
  for (const set of [...caseSets(), ...exampleSets()]) {
    it(set.name, () => {
      const { loaded, log } = loads(linkTo('collected.o', set.files, { gc: {} }));
      if (!loaded) assert.ok(!loads(linkTo('plain.o', set.files, {})).loaded, log);
    });
  }
});
