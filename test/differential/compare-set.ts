import assert from 'node:assert/strict';
import { readRawObject } from '../support/raw-object.js';
import { allowedDifferences, type Comparison } from './allowed-differences.js';
import { compareMeanings, describe as describeDifference } from './compare.js';
import { deadRanges } from './dead-ranges.js';
import { expectedRefusals } from './expected-refusals.js';
import { linkOurs, type PeerLinker } from './linkers.js';
import { meaningOf } from './meaning.js';
import { type ObjectSet, readObjectFile } from './object-sets.js';

/**
 * Links `set` with both linkers and holds the outputs against each other; the names of the entries
 * that excused a difference or a refusal go into `used`.
 */
export function compareSet(set: ObjectSet, linker: PeerLinker, used: Set<string>): void {
  const inputs = set.files.map((file) => readObjectFile(file));
  const ours = linkOurs(set.files);
  assert.ok(ours.ok, `we refuse: ${ours.ok ? '' : JSON.stringify(ours.diagnostics, null, 2)}`);
  const theirs = linker.link(set.files);
  if (!theirs.ok) {
    const entry = expectedRefusals.find(
      (e) => e.why.test(theirs.why) && e.matches(inputs, theirs.why),
    );
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
