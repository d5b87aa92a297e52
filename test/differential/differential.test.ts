import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { needs } from '../support/peers.js';
import { readRawObject } from '../support/raw-object.js';
import { allowedDifferences, type Comparison } from './allowed-differences.js';
import { compareMeanings, describe as describeDifference } from './compare.js';
import { deadRanges } from './dead-ranges.js';
import { expectedRefusals } from './expected-refusals.js';
import { bpftoolLinker, libbpfLinker, linkOurs, type PeerLinker } from './linkers.js';
import { meaningOf } from './meaning.js';
import { caseSets, combinedSets, exampleSets, type ObjectSet } from './object-sets.js';

// Our output and that of libbpf's linker mean the same, but for the named differences. FULL=1
// compares every pair of cases instead of some.

const apart = [...caseSets(), ...exampleSets()];
const together = combinedSets(process.env['FULL'] === '1');

compareWith(bpftoolLinker(), [...apart, ...together]);
compareWith(libbpfLinker(), apart);

function compareWith(linker: PeerLinker, sets: readonly ObjectSet[]): void {
  const used = new Set<string>();
  describe(`${linker.name} means the same`, needs(linker.peer), () => {
    for (const set of sets) it(set.name, () => compareSet(set, linker, used));
    for (const entry of [...allowedDifferences, ...expectedRefusals]) {
      const { name, rule, libbpfBefore = Infinity } = entry;
      it(`still needs: ${name} (${rule})`, () => {
        if (linker.libbpf >= libbpfBefore) return;
        assert.ok(used.has(name), `${name} never happens: remove it`);
      });
    }
  });
}

function compareSet(set: ObjectSet, linker: PeerLinker, used: Set<string>): void {
  const inputs = set.files.map((file) => readRawObject(readFileSync(file)));
  const ours = linkOurs(set.files);
  assert.ok(ours.ok, `we refuse: ${ours.ok ? '' : JSON.stringify(ours.diagnostics, null, 2)}`);
  const theirs = linker.link(set.files);
  if (!theirs.ok) {
    const entry = expectedRefusals.find((e) => e.why.test(theirs.why) && e.matches(inputs));
    assert.ok(entry, `the other fails, and no entry says why it may: ${theirs.why}`);
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
  const shown = unexplained.slice(0, 20).map(describeDifference).join('\n    ');
  assert.ok(unexplained.length === 0, `${unexplained.length} differences:\n    ${shown}`);
}
