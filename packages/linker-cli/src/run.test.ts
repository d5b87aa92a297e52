import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { Host, OutputStream } from './host.js';
import { options, spelled } from './options/index.js';
import { run, type ExitCode } from './run.js';

let folder = '';
before(() => {
  folder = mkdtempSync(join(tmpdir(), 'bpf-ld-run-'));
});
after(() => {
  rmSync(folder, { recursive: true });
});

interface Outcome {
  readonly exitCode: ExitCode;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the command on streams that keep what is written; `host` replaces parts of them. */
async function command(words: readonly string[], host: Partial<Host> = {}): Promise<Outcome> {
  const written = { stdout: '', stderr: '' };
  const exitCode = await run({
    words,
    environment: {},
    isTerminal: () => Promise.resolve(false),
    readStandardInput: () => Promise.resolve(new Uint8Array()),
    untilInterrupted: () => Promise.resolve(),
    write: (stream: OutputStream, data: string | Uint8Array) => {
      written[stream] += typeof data === 'string' ? data : new TextDecoder('latin1').decode(data);
      return Promise.resolve();
    },
    ...host,
  });
  return { exitCode, ...written };
}

/** Wrong command lines and all that is printed about them. */
const wrong: readonly [name: string, words: readonly string[], stderr: string][] = [
  [
    'nothing at all',
    [],
    `bpf-ld: error: no input files
>>> hint: bpf-ld --help lists the options
`,
  ],
  [
    'a slip of the finger',
    ['a.o', '--no-undefned', '-o', 'out.o'],
    `bpf-ld: error: unknown option: --no-undefned
>>>   bpf-ld a.o --no-undefned -o out.o
>>>              ^~~~~~~~~~~~~
>>> hint: did you mean --no-undefined?
`,
  ],
  [
    'the wrong letter case',
    ['a.o', '--map=map.txt'],
    `bpf-ld: error: unknown option: --map
>>>   bpf-ld a.o --map=map.txt
>>>              ^~~~~
>>> hint: did you mean --Map?
`,
  ],
  [
    'an option like no other',
    ['-build-id', 'a.o'],
    `bpf-ld: error: unknown option: -build-id
>>>   bpf-ld -build-id a.o
>>>          ^~~~~~~~~
>>> hint: bpf-ld --help lists the options
`,
  ],
  [
    'a value that is none of the choices',
    ['a.o', '--diagnostics-format=xml'],
    `bpf-ld: error: option --diagnostics-format does not take 'xml', only text, json or sarif
>>>   bpf-ld a.o --diagnostics-format=xml
>>>                                   ^~~
>>> hint: bpf-ld --help lists the options
`,
  ],
  [
    'an empty value',
    ['a.o', '--Map='],
    `bpf-ld: error: option --Map needs an argument that is not empty
>>>   bpf-ld a.o --Map=
>>>                    ^
>>> hint: bpf-ld --help lists the options
`,
  ],
  [
    'two problems',
    ['a.o', '--stats=yes', '-o'],
    `bpf-ld: error: option --stats takes no argument
>>>   bpf-ld a.o --stats=yes -o
>>>                     ^~~~
>>> hint: bpf-ld --help lists the options

bpf-ld: error: option -o needs an argument: FILE
>>>   bpf-ld a.o --stats=yes -o
>>>                          ^~
>>> hint: bpf-ld --help lists the options
`,
  ],
  [
    'a word that needs quotes, in a long line',
    [...Array.from({ length: 30 }, (_, index) => `object${index}.o`), '--wrong word', 'last.o'],
    `bpf-ld: error: unknown option: --wrong word
>>>   bpf-ld ... object28.o object29.o '--wrong word' last.o
>>>                                    ^~~~~~~~~~~~~~
>>> hint: bpf-ld --help lists the options
`,
  ],
  [
    'a map over an input',
    ['a.o', '--Map', './a.o'],
    `bpf-ld: error: the link map would overwrite a.o
>>>   bpf-ld a.o --Map ./a.o
>>>                    ^~~~~
`,
  ],
  [
    'a map over the output',
    ['a.o', '-o', 'out.o', '-Map=out.o'],
    `bpf-ld: error: the link map would overwrite out.o
>>>   bpf-ld a.o -o out.o -Map=out.o
>>>                            ^~~~~
`,
  ],
];

for (const [name, words, stderr] of wrong) {
  test(`exit code 2: ${name}`, async () => {
    assert.deepEqual(await command(words), { exitCode: 2, stdout: '', stderr });
  });
}

test('a problem in a response file names file and line', async () => {
  const file = join(folder, 'args.rsp');
  writeFileSync(file, '-r\n--statz a.o\n-S\n');
  const { exitCode, stderr } = await command([`@${file}`]);
  assert.equal(exitCode, 2);
  assert.equal(
    stderr,
    `bpf-ld: error: unknown option: --statz
>>>   ${file}:2: --statz a.o
>>>   ${' '.repeat(file.length)}    ^~~~~~~
>>> hint: did you mean --stats?
`,
  );
});

test('a response file that includes itself is refused', async () => {
  const file = join(folder, 'cycle.rsp');
  writeFileSync(file, `"@${file.replaceAll('\\', '\\\\')}"`);
  const { exitCode, stderr } = await command([`@${file}`]);
  assert.equal(exitCode, 2);
  assert.ok(stderr.startsWith(`bpf-ld: error: response file ${file} includes itself: `), stderr);
});

test('a wrong command line is told as JSON where that is asked for', async () => {
  const { exitCode, stderr } = await command(['--diagnostics-format=json', '--statz']);
  assert.equal(exitCode, 2);
  const document = JSON.parse(stderr);
  assert.equal(document.ok, false);
  assert.deepEqual(
    document.diagnostics.map(({ code }: { code: string }) => code),
    ['unknown-option', 'no-inputs'],
  );
});

test('errors end at the limit, in JSON they do not', async () => {
  const words = Array.from({ length: 25 }, (_, index) => `--wrong${index}`);
  const shown = async (...options: string[]): Promise<number> =>
    (await command(['a.o', ...options, ...words])).stderr.match(/^bpf-ld: error: unknown/gm)!
      .length;
  assert.equal(await shown(), 20);
  assert.equal(await shown('--error-limit=3'), 3);
  assert.equal(await shown('--error-limit=0'), 25);
  const { stderr } = await command(['a.o', '--diagnostics-format=json', ...words]);
  assert.equal(JSON.parse(stderr).diagnostics.length, 25);
});

test('--help lists every option and wins over problems', async () => {
  const { exitCode, stdout, stderr } = await command(['--help', '--wrong']);
  assert.equal(exitCode, 0);
  assert.equal(stderr, '');
  assert.match(stdout, /^Usage: bpf-ld \[options\] FILE\.\.\.\n/);
  assert.doesNotMatch(stdout, /\[boolean\]|\[string\]|\[choices|[^\n]{101}/);
  for (const name of options.flatMap(({ names }) => names)) {
    const found = [' ', ','].some((before) =>
      [' ', ','].some((after) => stdout.includes(`${before}${spelled(name)}${after}`)),
    );
    assert.ok(found, name);
  }
});

test('the version', async () => {
  for (const words of [['-v'], ['--version'], ['--version', 'absent.o']]) {
    const { exitCode, stdout, stderr } = await command(words);
    assert.match(stdout, /^bpf-ld \d+\.\d+\.\d+\n$/);
    assert.deepEqual([exitCode, stderr], [0, '']);
  }
});

test('colour: options beat the environment, the environment beats the terminal', async () => {
  const onTerminal = { isTerminal: () => Promise.resolve(true) };
  const colored = async (words: readonly string[], host: Partial<Host>): Promise<boolean> =>
    (await command(words, host)).stderr.includes('\x1b[');
  assert.equal(await colored([], {}), false);
  assert.equal(await colored([], onTerminal), true);
  assert.equal(await colored([], { ...onTerminal, environment: { NO_COLOR: '1' } }), false);
  assert.equal(await colored([], { ...onTerminal, environment: { NO_COLOR: '' } }), true);
  assert.equal(await colored([], { ...onTerminal, environment: { TERM: 'dumb' } }), false);
  const silent = { ...onTerminal, environment: { NO_COLOR: '1' } };
  assert.equal(await colored(['--color-diagnostics'], silent), true);
  assert.equal(await colored(['--no-color-diagnostics'], onTerminal), false);
});

test('a closed pipe is no failure, a full disk is one', async () => {
  const versionOn = async (code: string): Promise<readonly [ExitCode, string]> => {
    let stderr = '';
    const { exitCode } = await command(['--version'], {
      write: (stream, data) => {
        if (stream === 'stdout') return Promise.reject(Object.assign(new Error(code), { code }));
        stderr += String(data);
        return Promise.resolve();
      },
    });
    return [exitCode, stderr];
  };
  assert.deepEqual(await versionOn('EPIPE'), [0, '']);
  const message = 'bpf-ld: error: cannot write to standard output: ENOSPC\n';
  assert.deepEqual(await versionOn('ENOSPC'), [1, message]);
});

test('a wrong command line touches no file', async () => {
  const output = join(folder, 'out.o');
  const filesBefore = readdirSync(folder);
  await command(['-o', output, '--Map', join(folder, 'map.txt'), '--wrong', 'a.o']);
  assert.deepEqual(readdirSync(folder), filesBefore);
});
