/**
 * Every package as npm would publish it: packed, judged by publint and attw, then unpacked side by side and imported.
 */
import assert from 'node:assert/strict';
import { spawnSync, type SpawnSyncReturns } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, posix } from 'node:path';
import { after, describe, test } from 'node:test';
import { checkPackage, createPackageFromTarballData } from '@arethetypeswrong/core';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';
import { fromRoot, repositoryRoot } from '../support/paths.js';
import { manifestOf, packageNames } from './source-files.js';

/** How an ESM-only package is not meant to be reached (attw's profile `esm-only`). */
const IGNORED_RESOLUTIONS: ReadonlySet<string> = new Set(['node10', 'node16-cjs']);

const scratch = mkdtempSync(join(tmpdir(), 'bpf-ld-pack-'));
after(() => rmSync(scratch, { recursive: true, force: true }));

const modules = join(scratch, 'node_modules');

packAll();
const tarballs = new Map(packageNames().map((name) => [name, tarballOf(name)] as const));
installAll();

for (const [name, tarball] of tarballs) {
  describe(name, () => {
    test('publint has nothing to say', async () => {
      const bytes = readFileSync(tarball);
      const { messages, pkg } = await publint({
        pack: { tarball: bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length) },
      });
      assert.deepEqual(
        messages.map((message) => formatMessage(message, pkg, { color: false })),
        [],
      );
    });

    test('its types resolve as its code does', async () => {
      const result = await checkPackage(createPackageFromTarballData(readFileSync(tarball)));
      assert.ok(result.types !== false, 'the package has no types');
      const problems = result.problems.filter(
        (problem) =>
          !('resolutionKind' in problem && IGNORED_RESOLUTIONS.has(problem.resolutionKind)),
      );
      assert.deepEqual(problems, []);
    });

    test('holds its compiled code, its licence and no test', () => {
      const files = filesOf(join(modules, manifestOf(name).name));
      assert.ok(files.includes('dist/index.js'));
      assert.ok(files.includes('LICENSE'));
      assert.deepEqual(
        files.filter((file) => file.includes('.test.') || file.endsWith('.tsbuildinfo')),
        [],
      );
    });

    for (const subpath of Object.keys(manifestOf(name).exports)) {
      const specifier = posix.join(manifestOf(name).name, subpath);
      test(`${specifier} imports from where it is installed`, () => {
        const run = node(['--input-type=module', '--eval', `await import('${specifier}');`]);
        assert.equal(run.status, 0, run.stderr);
        assert.equal(run.stdout, '', 'importing a library prints nothing');
      });
    }
  });
}

test('the installed command runs', () => {
  const run = node([join(modules, 'bpf-ld', 'dist', 'bpf-ld.cjs'), '-v']);
  assert.equal(run.status, 0, run.stderr);
  assert.match(run.stdout, /bpf-ld.*\d+\.\d+\.\d+/);
});

/** Packs with pnpm, which writes versions in place of `workspace:*`. */
function packAll(): void {
  const { packageManager } = JSON.parse(readFileSync(fromRoot('package.json'), 'utf8')) as {
    packageManager: string;
  };
  const args = ['-y', packageManager, '--recursive', '--filter=./packages/*', 'pack'];
  const run = spawnSync('npx', [...args, '--pack-destination', scratch], {
    cwd: repositoryRoot,
    encoding: 'utf8',
    shell: process.platform === 'win32',
  });
  if (run.status !== 0) throw new Error(`pnpm pack failed:\n${run.stdout}${run.stderr}`);
}

/** pnpm names a tarball after its package: `@scope/name` becomes `scope-name-version.tgz`. */
function tarballOf(name: string): string {
  const stem = manifestOf(name).name.replace('@', '').replace('/', '-');
  const file = readdirSync(scratch).find((entry) =>
    new RegExp(`^${stem}-\\d.*\\.tgz$`).test(entry),
  );
  assert.ok(file !== undefined, `no tarball of ${name}`);
  return join(scratch, file);
}

/** Unpacks the tarballs into one node_modules, with links to the npm packages they depend on. */
function installAll(): void {
  for (const [name, tarball] of tarballs) {
    const manifest = manifestOf(name);
    const folder = join(modules, manifest.name);
    mkdirSync(folder, { recursive: true });
    const tar = spawnSync('tar', ['-xzf', tarball, '-C', folder, '--strip-components=1'], {
      encoding: 'utf8',
    });
    assert.equal(tar.status, 0, tar.stderr);
    for (const dependency of Object.keys(manifest.dependencies)) {
      if (dependency.startsWith('@bpf-ld/')) continue;
      symlinkSync(
        fromRoot('packages', name, 'node_modules', dependency),
        join(modules, dependency),
        'junction',
      );
    }
  }
}

function filesOf(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((path) =>
    path.replaceAll('\\', '/'),
  );
}

function node(args: readonly string[]): SpawnSyncReturns<string> {
  return spawnSync(process.execPath, args, { cwd: scratch, encoding: 'utf8' });
}
