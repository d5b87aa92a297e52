/** Loading code costs more than linking two small objects: what a link does not need is not imported for it. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';

/** All that `module` imports statically, itself included: URLs of this package's modules, names of others. */
function staticImports(module: URL, seen: Set<string> = new Set()): ReadonlySet<string> {
  if (seen.has(module.href)) return seen;
  seen.add(module.href);
  const source = readFileSync(module, 'utf8');
  for (const [, name] of source.matchAll(
    /^(?:import|export)\b(?:[^'"();=]*\bfrom)?\s*['"]([^'"]+)['"]/gm,
  )) {
    if (name!.startsWith('.')) staticImports(new URL(name!, module), seen);
    else seen.add(name!);
  }
  return seen;
}

test('a link loads neither yargs nor what only other command lines need', () => {
  const loaded = [...staticImports(new URL('main.js', import.meta.url))];
  const own = loaded.filter((name) => name.startsWith('file:'));
  assert.ok(own.some((name) => name.endsWith('/link-command.js')));
  for (const name of [
    'dependency-file.js',
    'disassembly.js',
    'render-sarif.js',
    'reproduce.js',
    'time-trace.js',
    'usage-problems.js',
    'watch.js',
    'yargs-help.js',
  ]) {
    assert.ok(!own.some((url) => url.endsWith(`/${name}`)), name);
  }
  assert.deepEqual(loaded.filter((name) => !name.startsWith('file:')).toSorted(), [
    '@bpf-ld/linker',
    '@bpf-ld/linker/files',
    'node:fs',
    'node:path',
  ]);
});

test('the bundled command loads two modules of Node and no other', () => {
  const bundle = readFileSync(new URL('bpf-ld.cjs', import.meta.url), 'utf8');
  const required = [...bundle.matchAll(/\brequire\("([^"]+)"\)/g)].map(([, name]) => name);
  assert.deepEqual(new Set(required), new Set(['node:fs', 'node:path']));
});
