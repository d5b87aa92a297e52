import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { Worker } from 'node:worker_threads';
import { casesFolder } from '../support/case-format.js';
import { needs, peer } from '../support/peers.js';
import type { CampaignJob, CampaignReport } from './campaign.js';
import { mutantsOf } from './mutants.js';

// Hostile input: each mutant of a good object either links, and then readelf takes the output, or
// gives coded diagnostics and nothing else. Nothing throws, hangs or eats memory.

/** Objects that between them have every record the linker reads. */
const OBJECTS = [
  'weak-function',
  'core-relocations',
  'data-relocations',
  'decl-tags',
  'type-kinds',
  'extern-map',
  'merge-strings',
  'comdat-groups',
  'jump-tables',
  'common-symbols',
  'rela-relocations',
  'big-endian',
  'section-nobits-and-progbits',
  'btf-ext-wide-records',
  'note-sections',
];
const SEED = 20260101;
const HANG_MILLISECONDS = 20_000;
const MEMORY_KILOBYTES = 1_500_000;

const readelf = peer('llvm-readelf-19');
const work = mkdtempSync(join(tmpdir(), 'bpf-ld-bad-inputs-'));
after(() => rmSync(work, { recursive: true, force: true }));

describe('bad inputs', { concurrency: 1 }, () => {
  for (const [i, name] of OBJECTS.entries()) {
    const object = join(casesFolder, name, 'a.o');
    let report: CampaignReport | undefined;
    it(`mutants of ${name}/a.o link or are refused with a reason`, async () => {
      report = await campaign({
        object,
        companion: join(casesFolder, name, 'b.o'),
        full: process.env['FULL'] === '1',
        seed: SEED + i,
        folder: mkdtempSync(join(work, `${name}-`)),
        progress: new Int32Array(new SharedArrayBuffer(4)),
      });
      assert.equal(sample(report.failures), '');
      assert.ok(report.mutants > 500 && report.linked > 0 && report.linked < report.mutants);
    });
    it(`readelf takes what mutants of ${name}/a.o link to`, needs(readelf), () => {
      assert.ok(report, 'the campaign ended');
      assert.equal(sample(refused(report)), '');
    });
  }
  it('memory stays bounded', () => {
    assert.ok(process.resourceUsage().maxRSS < MEMORY_KILOBYTES);
  });
});

/** The first failures, and how many there are. */
function sample(failures: readonly string[]): string {
  const more = failures.length > 12 ? [`… ${failures.length} in all`] : [];
  return [...failures.slice(0, 12), ...more].join('\n');
}

let lastFolder = '';

function campaign(job: CampaignJob): Promise<CampaignReport> {
  lastFolder = job.folder;
  const worker = new Worker(new URL('./campaign.js', import.meta.url), { workerData: job });
  return new Promise((resolve, reject) => {
    let seen = 0;
    let since = performance.now();
    const watch = setInterval(() => {
      const count = Atomics.load(job.progress, 0);
      if (count !== seen) [seen, since] = [count, performance.now()];
      else if (performance.now() - since > HANG_MILLISECONDS) {
        void worker.terminate();
        reject(new Error(`hang: ${titleOf(job, count)}`));
      }
    }, 500);
    worker.once('message', resolve);
    worker.once('error', (error) => {
      const title = titleOf(job, Atomics.load(job.progress, 0));
      reject(new Error(`${title} ended the thread: ${String(error)}`));
    });
    worker.once('exit', () => clearInterval(watch));
  });
}

function titleOf(job: CampaignJob, count: number): string {
  let i = 0;
  for (const { title } of mutantsOf(readFileSync(job.object), job.seed)) {
    if (++i === count) return title;
  }
  return 'before the first mutant';
}

/** The mutants whose outputs readelf complains about. */
function refused(report: CampaignReport): string[] {
  const titles = new Map(report.outputs);
  const files = [...titles.keys()];
  const complaints: string[] = [];
  for (let at = 0; at < files.length; at += 100) {
    const run = spawnSync(
      readelf.path,
      ['--sections', '--symbols', '--relocs', ...files.slice(at, at + 100)],
      { cwd: lastFolder, encoding: 'utf8', maxBuffer: 1 << 28 },
    );
    for (const line of run.stderr.split('\n')) {
      const file = /[0-9a-f]{40}\.o/.exec(line)?.[0];
      if (line !== '') complaints.push(`${titles.get(file ?? '') ?? ''}: ${line}`);
    }
  }
  return complaints;
}
