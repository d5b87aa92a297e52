/** The public API of each entry point against its golden report; `npm run api -- --update` accepts a change. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { repositoryRoot } from '../support/paths.js';
import { packageNames } from './source-files.js';

interface ApiResult {
  /** A package, or one of its further entry points as `linker-files`. */
  readonly entry: string;
  /** Lines that differ; empty when none does. */
  readonly difference: string;
}

const run = spawnSync(process.execPath, ['scripts/api.mjs', '--json'], {
  cwd: repositoryRoot,
  encoding: 'utf8',
});
if (run.status !== 0) throw new Error(`scripts/api.mjs failed:\n${run.stderr}`);
const results = JSON.parse(run.stdout) as readonly ApiResult[];

test('every package has a report', () => {
  const reported = new Set(results.map(({ entry }) => entry));
  assert.deepEqual(
    packageNames().filter((name) => !reported.has(name)),
    [],
  );
});

for (const result of results) {
  test(`the public API of ${result.entry} is the reviewed one`, () => {
    assert.equal(result.difference, '', 'npm run api -- --update accepts it');
  });
}
