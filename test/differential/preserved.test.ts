import { describe, it } from 'node:test';
import { caseSets, combinedSets, exampleSets } from './object-sets.js';
import { checkPreserved } from './preserved.js';

// What an input says, the output says: contents of every kept symbol, what every field refers to,
// what every line comes from. No other linker is needed, so this holds where bpftool gives up.

describe('the output says what its inputs say', () => {
  for (const set of [...caseSets(), ...exampleSets(), ...combinedSets(false)]) {
    it(set.name, () => checkPreserved(set));
  }
});
