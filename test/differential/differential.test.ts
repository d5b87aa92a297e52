import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { needs } from '../support/peers.js';
import { allowedDifferences } from './allowed-differences.js';
import { compareSet } from './compare-set.js';
import { expectedRefusals } from './expected-refusals.js';
import { bpftoolLinker, libbpfLinker, type PeerLinker } from './linkers.js';
import {
  caseSets,
  combinedSets,
  compilerSets,
  exampleSets,
  type ObjectSet,
} from './object-sets.js';

// Our output and that of libbpf's linker mean the same, but for the named differences. FULL=1
// compares every pair of cases instead of some.

const apart = [...caseSets(), ...exampleSets(), ...compilerSets()];
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
