/**
 * `npm test`: build, format check, lint and every test, each counted; the last line is `N passed, N failed`.
 *
 *     npm test                      everything
 *     npm test -- linker cases      only test files whose path holds one of the words; no format check, no lint
 *     npm test -- --update          link cases rewrite their expected text instead of comparing (see CONTRIBUTING.md)
 *     npm test -- --update=fixtures link cases recompile their objects first, with the pinned compilers
 */
import { spawn } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join, relative, sep } from 'node:path';
import { build } from './build.mjs';
import { root, setUp } from './setup.mjs';

const words = process.argv.slice(2).filter((argument) => !argument.startsWith('-'));
const flags = process.argv.slice(2).filter((argument) => argument.startsWith('-'));
const updates = { '--update': '1', '--update=fixtures': 'fixtures' };
for (const flag of flags) {
  if (Object.hasOwn(updates, flag)) continue;
  console.error(`unknown option ${flag}`);
  process.exit(2);
}

/** No test takes this long by itself; a hang must end as a failure. */
const TIMEOUT_MILLISECONDS = 600_000;

const totals = { passed: 0, failed: 0, skipped: 0 };

setUp();
await check('types', () => build());
if (words.length === 0) {
  await Promise.all([
    check('format', () =>
      tool('prettier/bin/prettier.cjs', ['--check', '--cache', '--log-level=warn', '.']),
    ),
    check('lint', () => tool('oxlint/bin/oxlint', ['--type-aware', '--quiet'])),
  ]);
}
await runTests(testFiles());

const skipped = totals.skipped > 0 ? `, ${totals.skipped} skipped` : '';
console.log(`\n${totals.passed} passed, ${totals.failed} failed${skipped}`);
process.exitCode = totals.failed > 0 || totals.passed === 0 ? 1 : 0;

/** Counts one check as a test: it passes when it has nothing to say. */
async function check(name, messages) {
  const started = performance.now();
  const text = await messages();
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  totals[text === '' ? 'passed' : 'failed']++;
  console.log(`${text === '' ? 'ok    ' : 'FAILED'} ${name} (${seconds} s)`);
  if (text !== '') console.log(text.trimEnd());
}

/** Runs a tool of node_modules; gives its output when it fails. */
async function tool(script, args) {
  let text = '';
  const child = spawn(process.execPath, [join('node_modules', script), ...args], {
    cwd: root,
    env: { ...process.env, NO_COLOR: '1' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (chunk) => (text += chunk));
  }
  const status = await new Promise((resolve) => child.on('close', resolve));
  return status === 0 ? '' : text || `${script} ended with ${status}`;
}

function testFiles() {
  const folders = readdirSync(join(root, 'packages')).map((name) => join('packages', name, 'dist'));
  return [...folders, join('test', 'dist')]
    .filter((folder) => existsSync(join(root, folder)))
    .flatMap((folder) => {
      const names = readdirSync(join(root, folder), { recursive: true });
      return names.filter((name) => name.endsWith('.test.js')).map((name) => join(folder, name));
    })
    .filter((file) => words.length === 0 || words.some((word) => slashed(file).includes(word)))
    .sort();
}

/** Runs the files under node's test runner; the reporter prints failures and hands the totals back. */
async function runTests(files) {
  if (files.length === 0) return;
  const environment = { ...process.env };
  for (const flag of flags) environment.UPDATE = updates[flag];
  const runner = spawn(
    process.execPath,
    [
      '--test',
      `--test-concurrency=${availableParallelism()}`,
      `--test-timeout=${TIMEOUT_MILLISECONDS}`,
      `--test-reporter=${new URL('test-reporter.mjs', import.meta.url).href}`,
      '--test-reporter-destination=stdout',
      ...files,
    ],
    {
      cwd: root,
      env: environment,
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  let line = '';
  let counted = false;
  runner.stdout.setEncoding('utf8').on('data', (chunk) => {
    const lines = (line + chunk).split('\n');
    line = lines.pop();
    for (const each of lines) {
      const match = /^totals: (\d+) passed, (\d+) failed, (\d+) skipped$/.exec(each);
      if (match === null) {
        console.log(each);
        continue;
      }
      counted = true;
      totals.passed += Number(match[1]);
      totals.failed += Number(match[2]);
      totals.skipped += Number(match[3]);
    }
  });
  const status = await new Promise((resolve) => runner.on('close', resolve));
  // A runner that died, or that saw a failure its totals do not hold, must not pass.
  if (!counted || (status !== 0 && totals.failed === 0)) {
    console.log(`FAILED the test runner ended with ${status}`);
    totals.failed++;
  }
}

function slashed(path) {
  return relative('.', path).split(sep).join('/');
}
