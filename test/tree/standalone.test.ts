/** The standalone executable writes the bytes the command writes under node. */
import assert from 'node:assert/strict';
import { spawnSync, type SpawnSyncReturns } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { test, type TestOptions } from 'node:test';
import { bpfLd, fromRoot, repositoryRoot } from '../support/paths.js';
import { peersRequired } from '../support/peers.js';

// Making it downloads bun, which no one's test run should do unasked.
const options: TestOptions = {
  skip: peersRequired ? false : 'downloads bun; BPF_LD_REQUIRE_PEERS=1 runs it',
};

test('the standalone executable gives the same bytes as node', options, () => {
  const make = run(process.execPath, ['scripts/standalone.mjs', '--no-build']);
  assert.equal(make.status, 0, make.stderr.toString());
  for (const example of exampleObjects()) {
    const words = [...example, '-o', '-'];
    const expected = run(process.execPath, [bpfLd, ...words]);
    const actual = run(fromRoot('out', 'bpf-ld'), words);
    assert.equal(expected.status, 0, expected.stderr.toString());
    assert.equal(actual.status, 0, actual.stderr.toString());
    assert.equal(actual.stderr.toString(), expected.stderr.toString());
    assert.ok(actual.stdout.equals(expected.stdout));
  }
});

/** The objects of each example, but for the one compiled from the whole program. */
function exampleObjects(): readonly (readonly string[])[] {
  return readdirSync(fromRoot('examples'), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) =>
      readdirSync(fromRoot('examples', name))
        .filter((file) => file.endsWith('.o') && file !== 'whole.o')
        .map((file) => `examples/${name}/${file}`),
    )
    .filter((objects) => objects.length > 1);
}

function run(command: string, args: readonly string[]): SpawnSyncReturns<Buffer> {
  return spawnSync(command, args, { cwd: repositoryRoot, maxBuffer: 1 << 28 });
}
