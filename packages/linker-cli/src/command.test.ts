/** The command as a process, linking the objects of an example and of link cases. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import {
  closeSync,
  copyFileSync,
  existsSync,
  mkdtempSync,
  openSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { fileURLToPath } from 'node:url';

const main = fileURLToPath(new URL('main.js', import.meta.url));
const root = fileURLToPath(new URL('../../../', import.meta.url));
const example = ['filter', 'parser', 'policy', 'stats'].map((name) =>
  join(root, 'examples/xdp-filter', `${name}.o`),
);
const [filter, parser, policy] = example as [string, string, string, string];

/** The object of a link case. */
function caseObject(name: string, object: string): string {
  return join(root, 'test/cases', name, object);
}

const licenseWarning = ['a.o', 'b.o'].map((name) => caseObject('license-gpl-variants', name));

/** The working directory of the commands. */
let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'bpf-ld-command-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

interface Outcome {
  readonly exitCode: number | null;
  readonly stdout: Buffer;
  readonly stderr: string;
}

interface RunOptions {
  readonly input?: Uint8Array;
  /** A descriptor for standard output instead of a pipe. */
  readonly stdout?: number;
}

function bpfLd(words: readonly string[], { input, stdout }: RunOptions = {}): Outcome {
  const child = spawnSync(process.execPath, [main, ...words], {
    cwd: folder,
    env: { ...process.env, NO_COLOR: '1' },
    stdio: [input ? 'pipe' : 'ignore', stdout ?? 'pipe', 'pipe'],
    ...(input && { input }),
    maxBuffer: 1 << 28,
  });
  if (child.error) throw child.error;
  return {
    exitCode: child.status,
    stdout: child.stdout ?? Buffer.alloc(0),
    stderr: child.stderr.toString(),
  };
}

/** Links and expects success without a word on standard error. */
function links(words: readonly string[], options: RunOptions = {}): Buffer {
  const { exitCode, stdout, stderr } = bpfLd(words, options);
  assert.equal(stderr, '');
  assert.equal(exitCode, 0);
  return stdout;
}

/** The linked example, by the plainest command line. */
function linkedExample(): Buffer {
  links([...example, '-o', 'reference.o']);
  const image = readFileSync(join(folder, 'reference.o'));
  rmSync(join(folder, 'reference.o'));
  return image;
}

test('links silently; the output is a.out unless named', () => {
  const image = linkedExample();
  assert.deepEqual([...image.subarray(0, 4)], [0x7f, 0x45, 0x4c, 0x46]);
  assert.equal(links(example).length, 0);
  assert.deepEqual(readdirSync(folder), ['a.out']);
  assert.ok(readFileSync(join(folder, 'a.out')).equals(image));
});

test('standard output gets the object and nothing else', () => {
  const image = linkedExample();
  const { exitCode, stdout, stderr } = bpfLd([...example, '-o', '-', '--stats', '-M', '-t', '-v']);
  assert.equal(exitCode, 0);
  assert.ok(stdout.equals(image));
  assert.match(stderr, /^bpf-ld \d/);
  assert.match(stderr, /^Link map of <stdout>$/m);
  assert.match(stderr, /^merged /m);
  assert.deepEqual(readdirSync(folder), []);
});

test('standard input is an input like others, in its place', () => {
  const image = linkedExample();
  const words = example.map((path) => (path === policy ? '-' : path));
  const stdout = links([...words, '-o', 'out.o', '-t'], { input: readFileSync(policy) });
  assert.ok(readFileSync(join(folder, 'out.o')).equals(image));
  const names = example.map((path) => (path === policy ? '<stdin>' : path));
  assert.equal(stdout.toString(), `${names.join('\n')}\n`);
});

test('a response file says the same as the command line', () => {
  const image = linkedExample();
  const quoted = example.map((path) => `"${path.replaceAll('\\', '\\\\')}"`);
  writeFileSync(join(folder, 'args'), `${quoted.join('\n')}\n-o 'my out.o'\n`);
  links(['@args']);
  assert.ok(readFileSync(join(folder, 'my out.o')).equals(image));
});

test('the output can be one of the inputs', () => {
  const image = linkedExample();
  const [first, ...others] = example;
  copyFileSync(first!, join(folder, 'first.o'));
  links(['first.o', ...others, '-o', 'first.o']);
  assert.ok(readFileSync(join(folder, 'first.o')).equals(image));
});

test('the map file, the printed map and --Map=- are the same', () => {
  links([...example, '-o', 'out.o', '-Map', 'out.map']);
  const map = readFileSync(join(folder, 'out.map'), 'utf8');
  assert.equal(links([...example, '-o', 'out.o', '--print-map']).toString(), map);
  assert.equal(links([...example, '-o', 'out.o', '--Map=-']).toString(), map);
  for (const path of example) assert.ok(map.includes(`${path}:(`), path);
  assert.match(map, /^ +on_verdict +\S+\+0x[0-9a-f]+ +\S+policy\.o +\S+filter\.o$/m);
});

test('the map file is written where the object goes to standard output, too', () => {
  const image = linkedExample();
  assert.ok(links([...example, '-o', '-', '-Map=out.map']).equals(image));
  assert.match(readFileSync(join(folder, 'out.map'), 'utf8'), /^Link map of <stdout>\n/);
});

test('statistics and timings', () => {
  const stdout = links([...example, '-o', 'out.o', '--stats', '--time']).toString();
  assert.match(stdout, /^merged +4 objects of .* into out\.o of /m);
  assert.match(stdout, /^parse +[\d.]+ ms +\d+ %$/m);
  assert.match(stdout, /^total +[\d.]+ ms +100 %$/m);
});

test('a traced symbol names who defines and who references it', () => {
  const stdout = links([...example, '-o', 'out.o', '-y', 'on_verdict']).toString();
  assert.ok(stdout.includes(`${policy}: definition of on_verdict\n`), stdout);
  assert.ok(stdout.includes(`${filter}: weak definition of on_verdict\n`), stdout);
});

test('JSON is one document on success as well', () => {
  const { exitCode, stderr } = bpfLd([...example, '--diagnostics-format=json']);
  assert.equal(exitCode, 0);
  assert.equal(stderr, '{"version":1,"ok":true,"diagnostics":[]}\n');
});

/** Links that fail and what standard error must hold. */
const failures: readonly [name: string, words: readonly string[], stderr: RegExp][] = [
  [
    'an input that is not there',
    [filter, 'absent.o'],
    /^bpf-ld: error: cannot read absent\.o: .*\n/,
  ],
  [
    'an input that is no object',
    [caseObject('wrong-inputs', 'x86.o'), filter],
    /^bpf-ld: error: .*x86\.o is .*\n/,
  ],
  [
    'the same definition twice',
    [parser, parser],
    /^bpf-ld: error: duplicate symbol: \w+\n>>> defined at .*\(.*parser\.o:\(\S+\+0x[0-9a-f]+\)\)\n/,
  ],
  [
    'a definition that is missing',
    [filter, '--no-undefined'],
    /^bpf-ld: error: undefined symbol: \w+\n>>> referenced by .*\(.*filter\.o:\(\S+\+0x[0-9a-f]+\)\) in \w+\n/m,
  ],
  ['a warning that is fatal', [...licenseWarning, '--fatal-warnings'], /^bpf-ld: error: license /],
];

for (const [name, words, expected] of failures) {
  test(`exit code 1 and every file as it was: ${name}`, () => {
    writeFileSync(join(folder, 'out.o'), 'object of before');
    writeFileSync(join(folder, 'out.map'), 'map of before');
    const { exitCode, stdout, stderr } = bpfLd([...words, '-o', 'out.o', '-Map=out.map']);
    assert.match(stderr, expected);
    assert.equal(exitCode, 1);
    assert.equal(stdout.length, 0);
    assert.deepEqual(readdirSync(folder).toSorted(), ['out.map', 'out.o']);
    assert.equal(readFileSync(join(folder, 'out.o'), 'utf8'), 'object of before');
    assert.equal(readFileSync(join(folder, 'out.map'), 'utf8'), 'map of before');
  });
}

test('a map that cannot be written leaves the output as it was', () => {
  writeFileSync(join(folder, 'out.o'), 'object of before');
  const { exitCode, stderr } = bpfLd([...example, '-o', 'out.o', '-Map=absent/out.map']);
  assert.equal(exitCode, 1);
  assert.match(stderr, /^bpf-ld: error: cannot write absent\/out\.map: /);
  assert.deepEqual(readdirSync(folder), ['out.o']);
  assert.equal(readFileSync(join(folder, 'out.o'), 'utf8'), 'object of before');
});

test('a warning lets the link go on, -w keeps it quiet', () => {
  const { exitCode, stderr } = bpfLd([...licenseWarning, '-o', 'out.o']);
  assert.equal(exitCode, 0);
  assert.match(stderr, /^bpf-ld: warning: license /);
  links([...licenseWarning, '-o', 'out.o', '-w']);
  links([...licenseWarning, '-o', 'out.o', '-w', '--fatal-warnings']);
});

test('a failed link in JSON', () => {
  const { exitCode, stderr } = bpfLd([parser, parser, '--diagnostics-format=json']);
  assert.equal(exitCode, 1);
  const { ok, diagnostics } = JSON.parse(stderr);
  assert.equal(ok, false);
  assert.equal(diagnostics[0].code, 'duplicate-symbol');
  assert.equal(diagnostics[0].related.length, 2);
});

test('a full disk under standard output is a failure', { skip: !existsSync('/dev/full') }, () => {
  const full = openSync('/dev/full', 'w');
  try {
    const { exitCode, stderr } = bpfLd([...example, '-o', '-'], { stdout: full });
    assert.equal(exitCode, 1);
    assert.match(stderr, /^bpf-ld: error: cannot write to standard output: ENOSPC/);
  } finally {
    closeSync(full);
  }
});

test('a long report reaches a pipe whole', () => {
  const words = Array.from({ length: 4000 }, (_, index) => `--unknown-option-${index}`);
  const { exitCode, stderr } = bpfLd(['--error-limit=0', ...words]);
  assert.equal(exitCode, 2);
  assert.ok(stderr.length > 1 << 19);
  assert.match(stderr, /unknown option: --unknown-option-3999\n/);
});

test('prints what --gc-sections removes and why names stay', () => {
  const inputs = ['main.o', 'library.o'].map((name) => caseObject('gc-sections', name));
  const words = [
    '--gc-sections',
    '--print-gc-sections',
    '--why-live=gcs_step',
    '--why-live=gcs_dead',
  ];
  const { exitCode, stdout, stderr } = bpfLd([...words, ...inputs, '-o', 'out.o']);
  assert.equal(stderr, '');
  assert.equal(exitCode, 0);
  const library = inputs[1]!;
  const main = inputs[0]!;
  assert.equal(
    stdout.toString(),
    `removing unused ${library}:(.text+0x0) gcs_dead, 288 bytes
removing unused ${library}:(.text+0x120) gcs_dead_step, 96 bytes
removing unused ${library}:(.text+0x208) gcs_dead_last, 16 bytes
removing unused ${library}:(.data+0x0) gcs_dead_counter, 4 bytes
removing unused ${library}:(.rodata+0x0) gcs_dead_limit, 4 bytes
removing unused ${library}:(.rodata+0x8) gcs_static_table, 24 bytes
removing unused ${library}:(.bss+0x0) gcs_dead_zero, 32 bytes
removing unused ${library}:(.bss+0x20) gcs_dead_name, 20 bytes
gcs_step: stays
>>> gcs_program is a root: a program
>>> gcs_program refers to gcs_used at ./main.c:21 (${main}:(socket+0x50))
>>> gcs_used refers to gcs_step at ./library.c:57 (${library}:(.text+0x1d0))
>>> gcs_step is defined at ./library.c:34 (${library}:(.text+0x1e0))
gcs_dead: removed, nothing that stays refers to it
>>> ./library.c:42 (${library}:(.text+0x0))
`,
  );
});
