import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { kernelSince, needs } from '../support/peers.js';
import { loader } from './build-peers.js';
import { KERNEL } from './coverage-page.js';
import { loaderRefusals, type LoaderRefusal } from './loader-refusals.js';
import { linkAll, type Output } from './outputs.js';

// Every output of every link case and example, read by each loader, and loaded into the running
// kernel by those that can: what is refused is refused for a reason that is listed.

const folder = mkdtempSync(join(tmpdir(), 'bpf-ld-loaders-'));
after(() => rmSync(folder, { recursive: true, force: true }));

const kernel = kernelSince(KERNEL);
const judges = [
  { name: 'libbpf', peers: [loader('libbpf'), kernel] },
  { name: 'cilium', peers: [loader('cilium'), kernel] },
  { name: 'aya', peers: [loader('aya')] },
] as const;

const somebodyJudges = judges.some(({ peers }) => peers.every(({ missing }) => !missing));
const outputs = somebodyJudges ? linkAll(folder) : [];

for (const { name, peers } of judges) {
  describe(`${name} takes every output but what is listed`, needs(...peers), () => {
    const verdicts = check(peers[0].path, outputs);
    const entries = loaderRefusals.filter((entry) => entry.loader === name);
    const used = new Set<string>();
    for (const output of outputs) {
      it(output.name, () => {
        const verdict = verdicts.get(output.path);
        assert.ok(verdict, 'the loader says something of each output');
        if (verdict.error === undefined) return;
        const words = `${verdict.error}\n${verdict.log ?? ''}`;
        const fixture = output.name.split(' ')[0]!;
        const entry = entries.find(
          ({ stage, why, fixtures }) =>
            stage === verdict.stage && why.test(words) && fixtures.includes(fixture),
        );
        assert.ok(entry, `refused (${verdict.stage}), and nothing says why it may: ${words}`);
        used.add(useOf(entry, fixture));
      });
    }
    it('needs every entry of the list', () => {
      const all = entries
        .filter(({ dependsOnKernel = false }) => !dependsOnKernel)
        .flatMap((entry) => entry.fixtures.map((each) => useOf(entry, each)));
      assert.deepEqual(
        all.filter((use) => !used.has(use)),
        [],
      );
    });
  });
}

function useOf({ stage, why }: LoaderRefusal, fixture: string): string {
  return `${fixture}: ${stage} ${why}`;
}

/** What a loader's program says of one file. */
interface Verdict {
  readonly file: string;
  readonly stage?: LoaderRefusal['stage'];
  readonly error?: string;
  readonly log?: string;
}

/** Verdicts by path; all files in one process. */
function check(program: string, files: readonly Output[]): ReadonlyMap<string, Verdict> {
  if (program === '' || files.length === 0) return new Map();
  const args = ['check', ...files.map(({ path }) => path)];
  const run = spawnSync(program, args, { encoding: 'utf8', maxBuffer: 1 << 28 });
  const lines = run.stdout.split('\n').filter((line) => line !== '');
  const verdicts = lines.map((line) => JSON.parse(line) as Verdict);
  return new Map(verdicts.map((verdict) => [verdict.file, verdict]));
}
