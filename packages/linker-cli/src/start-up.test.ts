/** Loading code costs more than linking two small objects: what a link does not need is not imported for it. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

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

test('the bundled command loads two modules of Node and its second part', () => {
  const text = readFileSync(new URL('bpf-ld.cjs', import.meta.url), 'utf8');
  const required = [...text.matchAll(/\brequire\("([^"]+)"\)/g)].map(([, name]) => name);
  assert.deepEqual(new Set(required), new Set(['node:fs', 'node:path', './chunks/late.cjs']));
});

const cases = fileURLToPath(new URL('../../../test/cases/', import.meta.url));
const modules = fileURLToPath(new URL('main.js', import.meta.url));
const bundle = fileURLToPath(new URL('bpf-ld.cjs', import.meta.url));

interface Outcome {
  readonly stdout: Buffer;
  readonly stderr: string;
  readonly status: number | null;
}

function runIn(name: string, command: string, line: string): Outcome {
  const words = [command, ...line.split(' '), '-o', '-'];
  const { stdout, stderr, status } = spawnSync(process.execPath, words, { cwd: join(cases, name) });
  return { stdout, stderr: stderr.toString(), status };
}

/** Sound objects with maps, line records, debug information and relocations of all kinds. */
for (const name of ['big-endian', 'core-relocations', 'decl-tags', 'global-calls', 'weak-map']) {
  test(`the first part of the bundled command is all that a link needs: ${name}`, () => {
    const folder = mkdtempSync(join(tmpdir(), 'bpf-ld-start-up-'));
    try {
      const alone = join(folder, 'bpf-ld.cjs');
      copyFileSync(bundle, alone);
      const linked = runIn(name, alone, 'a.o b.o');
      assert.deepEqual(linked, runIn(name, modules, 'a.o b.o'));
      assert.equal(linked.status, 0);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
}

/** What only the second part can do, together with the first. */
for (const [name, line] of [
  ['archives', 'main.o libgnu.a --no-undefined --verify --print-map'],
  ['debug-lines', 'a.o b.o'],
  ['debug-options', 'a.o b.o --gc-sections --compress-debug-sections=zlib --verify'],
  ['debug-options', 'zlib.o zstd.o --separate-debug-file=/dev/null'],
  ['icf', 'a.o b.o --icf=all --print-icf-sections --verify'],
  ['image-shared', 'a.o --shared --verify'],
  ['image-static', 'a.o b.o --static --helpers helpers.txt'],
  ['image-target-sbf', 'b.o a.o --target=sbf-v0'],
  ['image-target-ubpf', 'b.o a.o --target=ubpf'],
  ['symbols-wrap', 'use.o wrapper.o real.o --wrap=wrapd_read --prefix-symbols=p_ --defsym=q=1'],
] as const) {
  test(`both parts of the bundled command are what its modules are: ${name} ${line}`, () => {
    assert.deepEqual(runIn(name, bundle, line), runIn(name, modules, line));
  });
}
