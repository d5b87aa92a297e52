import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { needs, peer } from '../support/peers.js';
import { bpftoolLinker, linkOurs } from './linkers.js';
import { caseSets, compilerSets, exampleSets } from './object-sets.js';

// The running kernel takes the BTF of every output, and loads what it loads of bpftool's output.

const bpftool = peer('bpftool');
const theirs = bpftoolLinker();
const work = mkdtempSync(join(tmpdir(), 'bpf-ld-kernel-'));
const pins = `/sys/fs/bpf/bpf-ld-test-${process.pid}`;
after(() => rmSync(work, { recursive: true, force: true }));

interface Loading {
  readonly loaded: boolean;
  /** What the kernel said of the BTF it refused. */
  readonly btfRefused: string | undefined;
  readonly log: string;
}

function load(image: Uint8Array): Loading {
  const file = join(work, 'linked.o');
  writeFileSync(file, image);
  const run = spawnSync(bpftool.path, ['--debug', 'prog', 'loadall', file, pins], {
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  });
  rmSync(pins, { recursive: true, force: true });
  return {
    loaded: run.status === 0,
    btfRefused: /BTF loading error[^]*?END BTF/.exec(run.stderr)?.[0],
    log: run.stderr.split('\n').slice(-12).join('\n'),
  };
}

describe('the kernel takes the output', needs(peer('kernel'), bpftool), () => {
  for (const set of [...caseSets(), ...exampleSets(), ...compilerSets()]) {
    it(set.name, () => {
      const linked = linkOurs(set.files);
      assert.ok(linked.ok);
      const ours = load(linked.image);
      if (set.typesRefused) assert.match(ours.btfRefused ?? 'taken', set.typesRefused);
      else assert.equal(ours.btfRefused, undefined);
      if (ours.loaded) return;
      const other = theirs.link(set.files);
      assert.ok(!other.ok || !load(other.image).loaded, `theirs loads, ours does not: ${ours.log}`);
    });
  }
});
