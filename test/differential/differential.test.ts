import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { needs, peer } from '../support/peers.js';
import { readRawObject } from '../support/raw-object.js';
import { allowedDifferences, type Comparison } from './allowed-differences.js';
import { compareMeanings, describe as describeDifference } from './compare.js';
import { deadRanges } from './dead-ranges.js';
import { expectedRefusals } from './expected-refusals.js';
import { linkOurs, linkTheirs } from './linkers.js';
import { meaningOf } from './meaning.js';
import { caseSets, combinedSets, exampleSets, type ObjectSet } from './object-sets.js';

// Our output and that of `bpftool gen object` mean the same, but for the named differences. FULL=1
// compares every pair of cases instead of some.

const bpftool = peer('bpftool');
const skip = needs(bpftool);
const libbpf = bpftool.missing === undefined ? libbpfVersion() : 0;
const used = new Set<string>();

function libbpfVersion(): number {
  const { stdout } = spawnSync(bpftool.path, ['version'], { encoding: 'utf8' });
  const [, major, minor] = /libbpf v(\d+)\.(\d+)/.exec(stdout) ?? [];
  return Number(major) * 100 + Number(minor);
}

describe('bpftool gen object means the same', skip, () => {
  for (const set of [
    ...caseSets(),
    ...exampleSets(),
    ...combinedSets(process.env['FULL'] === '1'),
  ]) {
    it(set.name, () => compareSet(set));
  }
  for (const { name, rule, libbpfBefore = Infinity } of [
    ...allowedDifferences,
    ...expectedRefusals,
  ]) {
    it(`still needs: ${name} (${rule})`, () => {
      if (libbpf < libbpfBefore) assert.ok(used.has(name), `${name} never happens: remove it`);
    });
  }
});

function compareSet(set: ObjectSet): void {
  const inputs = set.files.map((file) => readRawObject(readFileSync(file)));
  const ours = linkOurs(set.files);
  assert.ok(ours.ok, `we refuse: ${ours.ok ? '' : JSON.stringify(ours.diagnostics, null, 2)}`);
  const theirs = linkTheirs(set.files);
  if (!theirs.ok) {
    const entry = expectedRefusals.find((e) => e.why.test(theirs.why) && e.matches(inputs));
    assert.ok(entry, `bpftool fails, and no entry says why it may: ${theirs.why}`);
    used.add(entry.name);
    return;
  }
  const comparison: Comparison = {
    inputs,
    ours: readRawObject(ours.image),
    theirs: readRawObject(theirs.image),
    dead: deadRanges(inputs),
  };
  const differences = compareMeanings(
    meaningOf(comparison.ours),
    meaningOf(comparison.theirs, comparison.dead),
  );
  const unexplained = differences.filter((difference) => {
    const entry = allowedDifferences.find((e) => e.matches(difference, comparison));
    if (entry) used.add(entry.name);
    return !entry;
  });
  assert.ok(
    unexplained.length === 0,
    `${unexplained.length} differences:\n    ${unexplained.slice(0, 20).map(describeDifference).join('\n    ')}`,
  );
}
