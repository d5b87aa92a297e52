import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import {
  buildFixtures,
  pinnedClang,
  pinnedCompilersInstalled,
  updateFixtures,
} from '../support/build.js';
import { type LinkCase, readCases } from '../support/case-format.js';
import { updating } from '../support/expected.js';
import { needs, peer, peersRequired, type Peer } from '../support/peers.js';

// The committed objects are what the pinned compilers make of the sources beside them.
const skip = pinnedCompilersInstalled() ? false : `clang and llvm-mc ${pinnedClang} not installed`;
if (skip && peersRequired) throw new Error(skip);

describe('fixtures are what the compilers make of their sources', { skip }, () => {
  for (const linkCase of readCases()) {
    it(linkCase.name, needs(...assemblers(linkCase)), () => {
      if (updating('fixtures')) updateFixtures(linkCase);
      for (const [name, bytes] of buildFixtures(linkCase)) {
        const committed = readFileSync(join(linkCase.folder, name));
        assert.ok(committed.equals(bytes), `${linkCase.name}/${name} differs from its source`);
      }
    });
  }
});

/** What the objects of a case take besides clang and llvm-mc. */
function assemblers({ fixtures }: LinkCase): readonly Peer[] {
  const isGnu = fixtures.some(
    (fixture) => fixture.kind === 'command' && fixture.argv[0] === 'bpf-as',
  );
  return isGnu ? [peer('bpf-as')] : [];
}
