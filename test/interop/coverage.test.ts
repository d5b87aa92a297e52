import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { release, tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { link } from '@bpf-ld/linker';
import { compareSet } from '../differential/compare-set.js';
import { expectedRefusals } from '../differential/expected-refusals.js';
import { bpftoolLinker, libbpfLinker, linkOurs, type PeerLinker } from '../differential/linkers.js';
import { caseSets, type ObjectSet } from '../differential/object-sets.js';
import { assertExpected } from '../support/expected.js';
import { fromRoot } from '../support/paths.js';
import { kernelSince, needs } from '../support/peers.js';
import { features, type Feature } from './coverage.js';
import { BPFTOOL, coveragePage, KERNEL, readAnswers } from './coverage-page.js';
import { loaderRefusals } from './loader-refusals.js';

// docs/coverage.md is what linkers, loaders and the kernel answer for each feature; a column whose
// program is absent, or of another version, is not judged and keeps what the page has.

const page = fromRoot('docs/coverage.md');
const known = readAnswers(existsSync(page) ? readFileSync(page, 'utf8') : '');
const folder = mkdtempSync(join(tmpdir(), 'bpf-ld-coverage-'));
after(() => rmSync(folder, { recursive: true, force: true }));

const bpftool = bpftoolLinker();
const libbpf = libbpfLinker();
const kernel = kernelSince(KERNEL);
const sets = caseSets();
const linksOf = ({ fixture }: Feature): ObjectSet[] =>
  sets.filter(({ name }) => name.startsWith(`${fixture} `));

/** Of fixture -> what a column says, as far as it was asked here. */
const answers = {
  bpftool: new Map<string, string>(),
  libbpf: new Map<string, string>(),
  ours: new Map<string, string>(),
  kernel: new Map<string, string>(),
};

describe('each feature links in every order of its objects', () => {
  for (const feature of features) {
    it(`${feature.feature}: ${feature.fixture}`, () => {
      const links = linksOf(feature);
      assert.ok(links.length > 0, `there is a link case ${feature.fixture}`);
      assert.ok(links.every(({ files }) => files.length > 1));
      for (const { files } of links) {
        const first = linkOurs(files);
        assert.ok(first.ok);
        const again = link({ inputs: [{ name: 'out.o', bytes: first.image }] });
        assert.ok(again.ok && Buffer.from(first.image).equals(again.image));
      }
      answers.ours.set(feature.fixture, `links, ${links.length} orders`);
    });
  }
});

askLinker('bpftool', bpftool);
askLinker('libbpf', libbpf);

function askLinker(column: 'bpftool' | 'libbpf', linker: PeerLinker): void {
  describe(`${linker.name} of each feature`, needs(linker.peer), () => {
    for (const feature of features) {
      it(feature.fixture, () => {
        const perOrder = linksOf(feature).map((set) => {
          const used = new Set<string>();
          compareSet(set, linker, used);
          return [...used];
        });
        answers[column].set(feature.fixture, summary(perOrder));
      });
    }
  });
}

/** Of the names that excused something in each order, one line. */
function summary(perOrder: readonly (readonly string[])[]): string {
  const names = [...new Set(perOrder.flat())].sort();
  if (names.length === 0) return 'same';
  const isRefusal = new Set(expectedRefusals.map(({ name }) => name));
  return names
    .map((name) => {
      const count = perOrder.filter((used) => used.includes(name)).length;
      const where = count === perOrder.length ? '' : ` (${count} of ${perOrder.length} orders)`;
      return `${isRefusal.has(name) ? 'refuses' : 'differs'}: ${name}${where}`;
    })
    .join('; ');
}

describe('the kernel runs each feature', needs(kernel, libbpf.peer), () => {
  for (const feature of features) {
    it(`${feature.feature}: ${feature.fixture}`, () => {
      const perOrder = linksOf(feature).map(({ files }) => askKernel(feature, files));
      const distinct = [...new Set(perOrder)];
      const refusals = distinct.filter((answer) => answer.startsWith(REFUSED));
      const all = distinct.join('; ');
      assert.ok(distinct.length === 1 || refusals.length === distinct.length, `by order: ${all}`);
      answers.kernel.set(feature.fixture, all);
    });
  }
});

const REFUSED = 'refused: ';

interface RunReport {
  readonly error?: string;
  readonly log?: string;
  readonly steps?: readonly {
    readonly step: string;
    readonly retval?: number;
    readonly error?: string;
  }[];
}

function askKernel({ fixture, steps = [] }: Feature, files: readonly string[]): string {
  const linked = linkOurs(files);
  assert.ok(linked.ok);
  const path = join(folder, 'linked.o');
  writeFileSync(path, linked.image);
  const words = steps.length > 0 ? ['run', path, ...steps.map(({ text }) => text)] : ['load', path];
  const asked = spawnSync(libbpf.peer.path, words, { encoding: 'utf8', maxBuffer: 1 << 26 });
  const report = JSON.parse(asked.stdout) as RunReport;
  if (report.error !== undefined) {
    const said = `${report.error}\n${report.log}`;
    const entry = loaderRefusals.find(
      ({ loader: name, why, fixtures }) =>
        name === 'libbpf' && fixtures.includes(fixture) && why.test(said),
    );
    assert.ok(entry, said);
    return `${REFUSED}${entry.reason}`;
  }
  steps.forEach(({ text, retval }, i) => {
    const step = report.steps![i]!;
    assert.equal(step.error, undefined, text);
    if (retval !== undefined) assert.equal(step.retval, retval, text);
  });
  const returned = steps.flatMap(({ text, retval }) =>
    retval === undefined ? [] : [`\`${text.split(':')[1]}\` ${retval}`],
  );
  return returned.length > 0 ? `loads, runs: ${returned.join(', ')}` : 'loads';
}

it('docs/coverage.md says so', () => {
  const judged = {
    bpftool: bpftool.libbpf === versionOf(BPFTOOL) - 600,
    libbpf: true,
    ours: true,
    kernel: release().startsWith(`${KERNEL}.`),
  };
  const columns = ['bpftool', 'libbpf', 'ours', 'kernel'] as const;
  const rows = features.map(({ feature, fixture }) => {
    const cells = columns.map((column, i) => {
      const asked = judged[column] ? answers[column].get(fixture) : undefined;
      return asked ?? known.get(fixture)?.[i] ?? 'not asked yet';
    });
    return { feature, fixture, answers: [cells[0]!, cells[1]!, cells[2]!, cells[3]!] as const };
  });
  assertExpected(page, coveragePage(rows));
});

/** 7.1 as 701. */
function versionOf(text: string): number {
  const [major, minor] = text.split('.').map(Number);
  return major! * 100 + minor!;
}
