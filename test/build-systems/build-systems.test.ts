/** The build system examples: they build, build nothing when nothing changed, and what changed when something did. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { delimiter, join } from 'node:path';
import { describe, it } from 'node:test';
import { bpfLd, fromRoot } from '../support/paths.js';
import { needs, peer } from '../support/peers.js';

const [make, ninja, cmake, meson] = [peer('make'), peer('ninja'), peer('cmake'), peer('meson')];
const clang = peer('clang-19');

// Below test/dist node resolves the packages as a user's project would.
const work = fromRoot('test/dist/build-systems/work');
const programs = join(work, 'bin');
rmSync(work, { recursive: true, force: true });
mkdirSync(programs, { recursive: true });
writeFileSync(
  join(programs, 'bpf-ld'),
  `#!/bin/sh\necho bpf-ld >> '${work}/links'\nexec '${process.execPath}' '${bpfLd}' "$@"\n`,
);
chmodSync(join(programs, 'bpf-ld'), 0o755);
if (clang.missing === undefined) symlinkSync(clang.path, join(programs, 'clang-19'));

/** A copy of the examples, so that each build system finds its sources untouched by the others. */
function copyOfExamples(name: string): string {
  const copy = join(work, name);
  cpSync(fromRoot('examples'), copy, { recursive: true });
  return copy;
}

function run(folder: string, program: string, ...args: readonly string[]): string {
  const result = spawnSync(program, args, {
    cwd: folder,
    encoding: 'utf8',
    env: { ...process.env, PATH: `${programs}${delimiter}${process.env['PATH']}` },
  });
  assert.equal(result.status, 0, `${result.error?.message ?? ''}${result.stdout}${result.stderr}`);
  return result.stdout;
}

/** Runs `build` and counts the links it makes. */
function linksOf(build: () => unknown): number {
  const log = join(work, 'links');
  rmSync(log, { force: true });
  build();
  return existsSync(log) ? readFileSync(log, 'utf8').trim().split('\n').length : 0;
}

/** Makes a file newer than all that has been built; the next build, which starts a compiler, ends later. */
function touch(file: string): void {
  const now = new Date(Date.now() + 1);
  utimesSync(file, now, now);
}

/** Builds, and holds what is linked against what has changed. */
function checkRebuilds(examples: string, output: string, build: () => string): void {
  assert.equal(linksOf(build), 1, 'the first build links');
  assert.deepEqual([...readFileSync(output).subarray(0, 4)], [0x7f, 0x45, 0x4c, 0x46]);
  assert.equal(linksOf(build), 0, 'nothing has changed, nothing is linked');
  touch(join(examples, 'xdp-filter', 'policy.bpf.c'));
  assert.equal(linksOf(build), 1, 'a source has changed');
}

describe('build systems', () => {
  it('make', needs(make, clang), () => {
    const examples = copyOfExamples('make');
    const folder = join(examples, 'build-systems/make');
    checkRebuilds(examples, join(folder, 'build/xdp-filter.o'), () => run(folder, make.path));
  });

  it('ninja, which knows of a prebuilt object by the depfile alone', needs(ninja, clang), () => {
    const examples = copyOfExamples('ninja');
    const folder = join(examples, 'build-systems/ninja');
    const build = (): string => run(folder, ninja.path);
    checkRebuilds(examples, join(folder, 'build/xdp-filter.o'), build);
    touch(join(examples, 'xdp-filter/stats.o'));
    let log = '';
    assert.equal(
      linksOf(() => (log = build())),
      1,
    );
    assert.match(log, /^\[1\/1\] LINK/m);
    assert.doesNotMatch(log, /BPF /);
    assert.match(
      run(folder, ninja.path, '-t', 'deps', 'build/xdp-filter.o'),
      /xdp-filter\/stats\.o/,
    );
  });

  for (const [generator, tool] of [
    ['Ninja', ninja],
    ['Unix Makefiles', make],
  ] as const) {
    it(`cmake with ${generator}`, needs(cmake, tool, clang), () => {
      const examples = copyOfExamples(`cmake ${generator}`);
      const folder = join(examples, 'build-systems/cmake');
      run(folder, cmake.path, '-S', '.', '-B', 'build', '-G', generator);
      checkRebuilds(examples, join(folder, 'build/xdp-filter.o'), () =>
        run(folder, cmake.path, '--build', 'build'),
      );
    });
  }

  it('meson', needs(meson, ninja, clang), () => {
    const examples = copyOfExamples('meson');
    const folder = join(examples, 'build-systems/meson');
    run(folder, meson.path, 'setup', 'build');
    checkRebuilds(examples, join(folder, 'build/xdp-filter.o'), () =>
      run(folder, meson.path, 'compile', '-C', 'build'),
    );
  });

  it('a script of package.json', needs(clang), () => {
    const folder = join(copyOfExamples('npm'), 'build-systems/npm-script');
    run(folder, 'npm', 'run', '--silent', 'build');
    assert.ok(existsSync(join(folder, 'build/xdp-filter.o')));
  });

  it('the steps of the workflow', needs(make, clang), () => {
    const examples = copyOfExamples('workflow');
    const folder = join(examples, 'build-systems/make');
    const workflow = readFileSync(join(examples, 'build-systems/ci/github-actions.yml'), 'utf8');
    const steps = shellSteps(workflow);
    assert.deepEqual([...steps.keys()], ['Build', 'The same bytes from the same inputs']);
    // As GitHub runs a step: bash -e, in the checkout.
    for (const script of steps.values()) run(folder, 'bash', '-e', '-c', script);
    const [, log] = /sarif_file: (\S+)/.exec(workflow)!;
    const { version } = JSON.parse(readFileSync(join(folder, log!), 'utf8')) as { version: string };
    assert.equal(version, '2.1.0');
    const [, artifacts] = /path: \|\n((?: {12}\S+\n)+)/.exec(workflow)!;
    for (const file of [...artifacts!.trim().split(/\s+/), 'reproduce.tar']) {
      assert.ok(workflow.includes(file) && existsSync(join(folder, file)), file);
    }
  });
});

/** The scripts of a workflow's steps that have a name, without YAML's indentation. */
function shellSteps(workflow: string): Map<string, string> {
  const steps = new Map<string, string>();
  for (const [, name, script] of workflow.matchAll(
    /^ {6}- name: (.+)\n {8}run: (?:\|\n)?((?:.*\n)(?: {10}.*\n)*)/gm,
  )) {
    steps.set(name!, script!.replaceAll(/^ {10}/gm, ''));
  }
  return steps;
}
